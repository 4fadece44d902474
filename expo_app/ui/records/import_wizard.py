"""Import in three steps: choose a file, see what each row would do, write. Nothing is written before the second."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from expo_app.errors import UserError, joined
from expo_app.i18n import N_, _
from expo_app.services import import_review, imports
from expo_app.services.words import names_offered
from expo_app.specs import Field, ImportPlan, Outcome, PlanRow, RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, ChipRow
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import IconView, Label, Meter, pill_width
from expo_app.ui.kit.panels import Card, clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records import files, state_colours
from expo_app.ui.records.undo_list import Act, UndoList

WIDTH, HEIGHT = theme.Width.DIALOG + theme.Width.PANEL, theme.Width.SEARCH
SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".tsv")
WORDS = {Outcome.NEW: N_("新增"), Outcome.CHANGED: N_("更新"), Outcome.SAME: N_("相同"), Outcome.INVALID: N_("有问题")}
ORDER = {outcome: place for place, outcome in enumerate((Outcome.INVALID, Outcome.CHANGED, Outcome.NEW, Outcome.SAME))}
SHOWN = 3  # fields of the record shown beside the outcome


class Written(str):
    """A cell that could not be read, as it stands in the file."""

    __slots__ = ()


class DropCard(Card):
    """A place to drop a table file on."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.set_colors("bg.subtle", "border.strong")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(_dropped_file(event.mimeData().urls()))


def _dropped_file(urls: Sequence[Any]) -> str:
    found = [url.toLocalFile() for url in urls]
    return next((path for path in found if path.lower().endswith(SUFFIXES)), "")


class ImportWizard(Dialog):
    """`imported(batch id)` once rows were written. The whole import is an act of `acts`, so that Ctrl+Z takes it back;
    without a list of its own the toast alone offers that.
    """

    imported = Signal(object)

    def __init__(
        self, parent: QWidget, context: Context, spec: RecordSpec, noun: str = "", acts: UndoList | None = None
    ) -> None:
        super().__init__(parent, _("导入{what}").format(what=noun or spec.label), WIDTH)
        self.context, self.spec = context, spec
        self._acts = acts or UndoList(parent)
        self.plan: ImportPlan | None = None
        self._job: jobs.Job | None = None
        self._pages = QStackedWidget()
        self._pages.setMinimumHeight(HEIGHT)
        self._choose_page, self._wait_page, self._plan_page = self._make_choose(), self._make_wait(), self._make_plan()
        for page in (self._choose_page, self._wait_page, self._plan_page):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages)
        self.template_button = Button(_("下载模板"), icon="download-2-line", clicked=self._save_template)
        self.other_button = Button(_("换文件"), "text", "folder-open-line", clicked=self.choose_file)
        self.correction_button = Button(_("保存问题行"), icon="file-warning-line", clicked=self._save_correction)
        self.cancel_button = Button(_("取消"), clicked=self.cancel)
        self.import_button = Button(_("导入"), "primary", "upload-2-line", clicked=self.apply)
        self.add_left(self.template_button)
        self.add_left(self.other_button)
        for button in (self.correction_button, self.cancel_button, self.import_button):
            self.add_action(button)
        self._show_page(self._choose_page)

    # --- the three faces ---

    def _make_choose(self) -> QWidget:
        page = QWidget()
        lines = column(page, theme.Space.M)
        self._problem = column()
        lines.addLayout(self._problem)
        drop = DropCard()
        drop.dropped.connect(lambda path: self.read(Path(path)))
        center = Qt.AlignmentFlag.AlignHCenter
        drop.body.addStretch(1)
        drop.body.addWidget(IconView("file-excel-2-line", "text.2", theme.IconSize.EMPTY, "bg.surface"), 0, center)
        drop.body.addWidget(Label(_("把表格拖到这里，或选择文件"), "section"), 0, center)
        drop.body.addWidget(Label(_("xlsx、xls、ods、csv；列名与模板不同也认得"), "secondary"), 0, center)
        self.choose_button = Button(_("选择文件"), "primary", "folder-open-line", clicked=self.choose_file)
        drop.body.addWidget(self.choose_button, 0, center)
        drop.body.addWidget(Label(_("先看每行会怎样，再决定是否写入"), "caption"), 0, center)
        drop.body.addStretch(1)
        lines.addWidget(drop, 1)
        return page

    def _make_wait(self) -> QWidget:
        page = QWidget()
        lines = column(page, theme.Space.S)
        lines.addStretch(1)
        self._wait_words, self._meter = Label("", "section"), Meter(0, 1, "primary")
        self._amount = Label("", "fact")
        for widget in (self._wait_words, self._meter, self._amount):
            lines.addWidget(widget)
        lines.addWidget(Label(_("取消会撤回本次全部改动"), "caption"))
        lines.addStretch(1)
        return page

    def _make_plan(self) -> QWidget:
        page = QWidget()
        lines = column(page, theme.Space.M)
        self._summary = Label("", "secondary", wrap=True)
        self._notes = column(spacing=theme.Space.XS)
        self.outcomes = ChipRow()
        self.outcomes.chosen.connect(self._filter)
        self._named = _naming_fields(self.spec)
        self.model = TableModel(self._columns())
        self.view = view = TableView(self.model, _("导入计划"))
        view.setMinimumHeight(theme.Height.ROW * 7)
        lines.addWidget(self._summary)
        lines.addLayout(self._notes)
        lines.addWidget(self.outcomes)
        lines.addWidget(TableCard(view), 1)
        return page

    def _columns(self) -> list[Column]:
        row_no = Column("row", _("行"), 64, "number")
        wide = max(pill_width(_(words)) for words in WORDS.values()) + 2 * theme.Space.M
        outcome = Column(
            "outcome", _("结果"), wide, "pill", lambda value: _(WORDS[value]), tone=state_colours.pill,
            key=ORDER.__getitem__,
        )  # fmt: skip
        widths = (200, 140, 110)
        named = [
            Column(field.name, field.title, width, text=partial(_shown, field), key=str)
            for field, width in zip(self._named, widths, strict=False)
        ]
        return [row_no, outcome, *named, Column("note", _("说明"), 240, stretch=True)]

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_plan, is_wait = page is self._plan_page, page is self._wait_page
        self.other_button.setVisible(is_plan)
        self.template_button.setVisible(not is_wait)
        count = sum(self.plan.count(o) for o in (Outcome.NEW, Outcome.CHANGED)) if is_plan and self.plan else 0
        self.correction_button.setVisible(is_plan and self.plan is not None and self.plan.has_remarks)
        self.import_button.setVisible(is_plan)
        self.import_button.setEnabled(bool(count))
        self.import_button.set_text(_("导入 {n} 行").format(n=f"{count:,}"))

    # --- choose and read ---

    def choose_file(self) -> None:
        """Ask for the file."""
        kinds = _("表格 ({suffixes});;所有文件 (*)").format(suffixes=" ".join(f"*{suffix}" for suffix in SUFFIXES))
        chosen, _filter = QFileDialog.getOpenFileName(self, _("选择表格"), str(files.folder_of(self.context)), kinds)
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read and plan `path` off the GUI thread."""
        db, spec, expo_id = self.context.db, self.spec, self.context.expo_id

        def work(progress: jobs.Progress) -> ImportPlan:
            from expo_app.exchange import excel, import_plan

            sheet = excel.read(path, spec=spec)
            progress(1, 3)
            existing = imports.state(db, spec, expo_id)
            progress(2, 3)
            return import_review.review(db, import_plan.plan(spec, sheet, existing, path.name), expo_id)

        self._wait_for(_("正在读取 {name}").format(name=path.name), work, self._on_planned)

    def _wait_for(self, words: str, work: Any, done: Any, rows: int = 0) -> None:
        """`rows`: of the file; what they are written into has more of them."""
        self._rows_to_write = rows
        self._wait_words.setText(words)
        self._meter.set(0, 1, "primary")
        self._amount.setText("")
        self._show_page(self._wait_page)
        self._job = jobs.run_job(self, words, work, done, self._on_failed, card=False)
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(self._on_finished)

    def _on_progress(self, n: int, total: int, _step: str) -> None:
        self._meter.set(n, total, "primary")
        rows = self._rows_to_write
        said = _("{n} / {total} 行").format(n=f"{n * rows // max(total, 1):,}", total=f"{rows:,}")
        self._amount.setText(said if rows else "")

    def _on_finished(self) -> None:
        cancelled = self._job is not None and self._job.is_cancelled
        self._job = None
        if cancelled and self.is_open and self._pages.currentWidget() is self._wait_page:
            self._show_page(self._plan_page if self.plan else self._choose_page)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, imports.RowRefused):
            self._on_planned(error.plan)
        self._show_page(self._plan_page if self.plan else self._choose_page)
        if isinstance(error, UserError):
            clear(self._problem)
            banner = Banner("bad", str(error))
            place = self._notes if self.plan else self._problem
            place.addWidget(banner)

    # --- the plan ---

    def _on_planned(self, plan: ImportPlan) -> None:
        self.plan = plan
        clear(self._problem)
        clear(self._notes)
        self._summary.setText(self._said(plan))
        notes = list(plan.notes)
        if plan.unknown:
            notes.append(_("没有用到的列：{names}。").format(names="、".join(plan.unknown)))
        if notes:
            self._notes.addWidget(Banner("info", " ".join(notes), small=True))
        from expo_app.exchange.headers import match_headers

        places = {field.name: place for place, field in match_headers(self.spec, plan.headers).items()}
        self.model.set_rows([self._row(planned, places) for planned in plan.rows])
        self.model.sort_by("outcome")
        self.view.fit(afresh=True)
        chips = [(outcome, _(WORDS[outcome]), plan.count(outcome)) for outcome in ORDER]
        self.outcomes.set_items([(None, _("全部"), len(plan.rows)), *chips])
        self.outcomes.choose(None)
        self._filter(None)
        self._show_page(self._plan_page)

    @staticmethod
    def _said(plan: ImportPlan) -> str:
        said = _("{name}：共 {n} 行，还没有写入。").format(name=plan.file_name, n=f"{len(plan.rows):,}")
        invalid = plan.count(Outcome.INVALID)
        if invalid:
            refused = _("有问题的 {n} 行不会导入，可另存后改好再导。").format(n=invalid)
            said = _("{first}{then}").format(first=said, then=refused)
        return said

    def _filter(self, outcome: Any) -> None:
        self.model.keep(None if outcome is None else lambda row_: row_[2] is outcome)

    def _row(self, planned: PlanRow, places: Mapping[str, int]) -> tuple[Any, ...]:
        named = [self._named_value(planned, field, places.get(field.name)) for field in self._named]
        return (planned.row, planned.row, planned.outcome, *named, self._note(planned))

    @staticmethod
    def _named_value(planned: PlanRow, field: Field, place: int | None) -> Any:
        """The value; where there is none, what the file says instead."""
        value = planned.values.get(field.name)
        said = planned.raw[place] if value is None and place is not None and place < len(planned.raw) else None
        return field.masked(value) if said is None else Written(field.masked(str(said).strip()))

    def _note(self, planned: PlanRow) -> str:
        told = (planned.problems or planned.notes).items()
        parts = [f"{header}：{reason}" if header else reason for header, reason in told]
        zone = self.context.expo.zone if self.context.expo else None
        changes = self.spec.said_changes(planned.changes, zone)
        return joined([*parts, *(f"{title}：{old} → {new}" for title, (old, new) in changes.items())])

    # --- write ---

    def apply(self) -> None:
        """Write the new and changed rows, all or nothing."""
        if self.plan is None:
            return
        db, plan, expo_id = self.context.db, self.plan, self.context.expo_id
        words = _("正在导入 {name}").format(name=plan.file_name)
        rows = plan.count(Outcome.NEW) + plan.count(Outcome.CHANGED)
        self._wait_for(words, lambda progress: imports.apply(db, plan, expo_id, progress), self._on_applied, rows)

    def _on_applied(self, batch_id: uuid.UUID | None) -> None:
        if self.plan is None:
            return
        new, changed = self.plan.count(Outcome.NEW), self.plan.count(Outcome.CHANGED)
        parts = [_("新增 {n}").format(n=f"{new:,}")] if new else []
        parts += [_("更新 {n}").format(n=f"{changed:,}")] if changed else []
        said = _("已导入：{what}").format(what="、".join(parts))
        self.close_with(batch_id)
        if batch_id is not None:
            self._acts.add(Act(said, partial(imports.undo, self.context.db, batch_id), slow=True))
        self.imported.emit(batch_id)

    def cancel(self) -> None:
        """Stop what runs (the data stays as it was), else close."""
        if self._job is not None:
            self._job.cancel()
            self._wait_words.setText(_("正在取消，数据保持原样"))
            return
        super().cancel()

    # --- files ---

    def _save_template(self) -> None:
        save_template(self, self.context, self.spec)

    def _save_correction(self) -> None:
        if self.plan is None:
            return
        name = files.safe_name(_("{name} 问题行").format(name=Path(self.plan.file_name).stem)) + ".xlsx"
        path = files.ask_where(self, self.context, _("保存问题行"), name, files.excel_kinds())
        if path is not None:
            self.write_correction(path)

    def write_correction(self, path: Path) -> None:
        """The invalid rows with their reasons, and those that go in without something, as a workbook to mend."""
        plan = self.plan
        if plan is None:
            return

        def work(_progress: jobs.Progress) -> Path:
            from expo_app.exchange import excel

            excel.correction(plan, path)
            return path

        self.context.run(_("保存问题行"), work, self._on_written, parent=self)

    def _on_written(self, path: Path) -> None:
        if self.plan is not None:
            self._notes.addWidget(Banner("ok", self.plan.said_of_remarks(path.name), small=True))


def save_template(parent: QWidget, context: Context, spec: RecordSpec) -> None:
    """Ask for a place and write an empty table of this kind there."""
    name = files.safe_name(_("{title}导入模板").format(title=spec.label)) + ".xlsx"
    path = files.ask_where(parent, context, _("下载模板"), name, files.excel_kinds())
    if path is None:
        return

    words = names_offered(context.db, spec, context.expo_id)

    def work(_progress: jobs.Progress) -> Path:
        from expo_app.exchange import excel

        excel.template(spec, path, context.usual_day(spec), words)
        return path

    def done(written: Path) -> None:
        action = (_("打开文件夹"), partial(files.open_folder, written))
        messages.show(parent, _("已存到 {name}").format(name=written.name), "ok", action)

    context.run(_("下载模板"), work, done, parent=parent)


def _shown(field: Field, value: Any) -> str:
    return str(value) if isinstance(value, Written) else field.display(value)


def _naming_fields(spec: RecordSpec) -> list[Field]:
    """The fields by which a person knows a row: bold and key ones first."""
    keys = [name for alternative in spec.key for name in alternative]
    writable = [f for f in spec.writable if f.in_excel]
    ranked = sorted(writable, key=lambda f: (f.show != "bold" or f.is_number, f.name not in keys, not f.required))
    return ranked[:SHOWN]
