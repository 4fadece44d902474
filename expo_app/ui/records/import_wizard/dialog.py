"""The window of an import: head with the steps, the step in front, a footer with keys and verbs."""

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.services import imports
from expo_app.specs import ImportPlan, Outcome, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import KeyCap, Label, Meter, Pill
from expo_app.ui.kit.panels import clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.questions import confirm
from expo_app.ui.kit.stepper import Stepper
from expo_app.ui.records import files
from expo_app.ui.records.import_wizard.choose import ChooseStep, save_template
from expo_app.ui.records.import_wizard.columns import ColumnsStep
from expo_app.ui.records.import_wizard.engine import Pasted, Source
from expo_app.ui.records.import_wizard.rows import RowsStep
from expo_app.ui.records.import_wizard.step import Step
from expo_app.ui.records.import_wizard.values import ValuesStep
from expo_app.ui.records.import_wizard.work import Work, are_values_open, has_clash, is_mapping_open
from expo_app.ui.records.undo_list import Act, UndoList

WIDTH, HEIGHT = 1392, 852
CHOOSE, COLUMNS, VALUES, ROWS = range(4)


class ImportWizard(Dialog):
    """`imported(batch id)` once rows were written. The whole import is an act of `acts`, so that Ctrl+Z takes it back;
    without a list of its own the toast alone offers that.
    """

    imported = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        spec: RecordSpec,
        noun: str = "",
        acts: UndoList | None = None,
        begin: Choices = Choices(),  # noqa: B008  (frozen)
    ) -> None:
        super().__init__(parent, _("导入{what}").format(what=noun or spec.label), WIDTH)
        self.context, self.spec = context, spec
        self._acts = acts or UndoList(parent)
        self._parent = parent
        self._rows_to_write = 0
        self._goes_on = False
        self.work = work = Work(self, context, spec, begin)
        self.choose_step, self.columns_step = ChooseStep(work), ColumnsStep(work)
        self.values_step, self.rows_step = ValuesStep(work), RowsStep(work)
        self.steps: list[Step] = [self.choose_step, self.columns_step, self.values_step, self.rows_step]
        self._pages = QStackedWidget()
        self._wait_page = self._make_wait()
        for page in (*self.steps, self._wait_page):
            self._pages.addWidget(page)
        self._notes = column(spacing=theme.Space.XS)
        self.body.addLayout(self._notes)
        self.body.addWidget(self._pages, 1)
        self._make_top()
        self._make_foot()
        work.planned.connect(self._on_planned)
        work.ticked.connect(self._show_foot)
        work.waits.connect(self._on_waits)
        work.told.connect(self._on_progress)
        work.rests.connect(self._on_rests)
        work.busy.connect(self._on_busy)
        work.failed.connect(self._on_failed)
        work.written.connect(self._on_written)
        self.choose_step.asked.connect(self.choose_file)
        self.choose_step.dropped.connect(lambda path: self.read(Path(path)))
        self._is_fresh = False
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(work.take_back)
        self.go(CHOOSE)

    @property
    def plan(self) -> ImportPlan | None:
        """What would be done; None before a table was read."""
        return self.work.plan

    @property
    def step(self) -> int:
        """The step in front, from 0."""
        return self.stepper.current

    def wanted_size(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    # --- parts ---

    def _make_top(self) -> None:
        self.file_pill = Pill("", "mute", shape=False)
        self.file_pill.hide()
        self.stepper = Stepper((_("选文件"), _("对应列"), _("对应取值"), _("核对每一行")))
        self.stepper.pressed.connect(self.go)
        self.head_row.insertWidget(1, self.file_pill)
        self.head_row.insertWidget(self.head_row.count() - 1, self.stepper)
        self.head_row.insertSpacing(self.head_row.count() - 1, theme.Space.L)

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

    def _make_foot(self) -> None:
        self.template_button = Button(_("下载模板"), icon="download-2-line", clicked=self._save_template)
        self.correction_button = Button(_("问题行另存"), icon="file-warning-line", clicked=self._save_correction)
        self.other_button = Button(_("换文件"), "text", "folder-open-line", clicked=self.choose_file)
        self._keys = QWidget()
        self._key_row = row(self._keys)
        for widget in (self.template_button, self.correction_button, self.other_button, self._keys):
            self.add_left(widget)
        self._said = Label("", "fact")
        self._said.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.stop_button = Button(_("停下"), "link", clicked=self.work.keep_plan)
        self.cancel_button = Button(_("取消"), clicked=self.cancel)
        self.back_button = Button(_("上一步"), clicked=self.back)
        self.next_button = Button("", "primary", "arrow-right-line", clicked=self.go_on)
        for button in (self._said, self.stop_button, self.cancel_button, self.back_button, self.next_button):
            self.add_action(button)
        self.stop_button.hide()

    # --- from step to step ---

    def go(self, step: int) -> None:
        """Bring a step to front."""
        self._pages.setCurrentWidget(self.steps[step])
        self.stepper.set(step, ROWS if self.plan and step == ROWS else step)
        if self.plan is not None:
            self.steps[step].show_plan(self.plan)
        clear(self._key_row)
        for keys, words in self.steps[step].keys:
            self._key_row.addWidget(KeyCap(keys))
            self._key_row.addWidget(Label(_(words), "fact"))
        self._show_foot()
        if self.is_open and not self.steps[step].begin():
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next(self) -> int:
        """The step that the primary button leads to: those with nothing open are passed over."""
        plan, after = self.plan, self.step + 1
        if plan is not None and after == COLUMNS and not is_mapping_open(plan):
            after = VALUES
        if plan is not None and after == VALUES and not are_values_open(plan):
            after = ROWS
        return after

    def go_on(self) -> None:
        """The primary button: the next step that is open, at the last one write. Waits for a plan under way."""
        if self.work.is_planning:
            self._goes_on = True
        elif self.step == ROWS:
            self.apply()
        elif self.plan is not None:
            self.go(self._next())

    def back(self) -> None:
        """One step back; nothing that was decided is lost."""
        self.go(max(CHOOSE, self.step - 1))

    def _show_foot(self) -> None:
        plan, step = self.plan, self.step
        waits = self._pages.currentWidget() is self._wait_page
        self.file_pill.setVisible(plan is not None)
        if plan is not None:
            self.file_pill.set(plan.file_name, "mute")
        self.template_button.setVisible(step == CHOOSE and not waits)
        self.correction_button.setVisible(step == ROWS and not waits and plan is not None and plan.has_remarks)
        self.other_button.setVisible(step == ROWS and not waits)
        self._keys.setVisible(not waits)
        self.cancel_button.setVisible(waits or step == CHOOSE)
        self.back_button.setVisible(step > CHOOSE and not waits)
        self.next_button.setVisible(not waits and plan is not None)
        if plan is None:
            self._say("", "")
            return
        said, tone = self.steps[step].said(plan)
        self._say("" if waits else said, tone)
        if step == ROWS:
            count = len(plan.to_write)
            self.next_button.set_icon("upload-2-line")
            self.next_button.set_text(_("导入 {n} 行").format(n=f"{count:,}"))
            self.next_button.setEnabled(bool(count))
        else:
            after = self.stepper.steps[self._next()].text()
            self.next_button.set_icon("arrow-right-line")
            self.next_button.set_text(_("下一步：{step}").format(step=after))
            self.next_button.setEnabled(not has_clash(plan) and bool(plan.rows))

    def _say(self, words: str, tone: str) -> None:
        self._said.setText(words)
        self._said.set_tone(tone)

    # --- choose and read ---

    def choose_file(self) -> None:
        """Ask for the file."""
        kinds = _("表格 ({suffixes});;所有文件 (*)").format(suffixes=" ".join(f"*{suffix}" for suffix in files.TABLES))
        chosen, _filter = QFileDialog.getOpenFileName(self, _("选择表格"), str(files.folder_of(self.context)), kinds)
        if chosen:
            self.read(Path(chosen))

    def read(self, source: Source) -> None:
        """Read and plan a file, or what was pasted, off the GUI thread."""
        self._is_fresh = True
        self.work.read(source)

    def paste(self, text: str) -> None:
        """Read a table from the clipboard's text."""
        self.read(Pasted(text))

    def _on_waits(self, words: str, rows: int) -> None:
        """`rows`: of the file; what they are written into has more of them."""
        self._rows_to_write = rows
        self._wait_words.setText(words)
        self._meter.set(0, 1, "primary")
        self._amount.setText("")
        self._pages.setCurrentWidget(self._wait_page)
        self._show_foot()
        self.cancel_button.setFocus()

    def _on_progress(self, n: int, total: int) -> None:
        self._meter.set(n, total, "primary")
        rows = self._rows_to_write
        said = _("{n} / {total} 行").format(n=f"{n * rows // max(total, 1):,}", total=f"{rows:,}")
        self._amount.setText(said if rows else "")

    def _on_rests(self) -> None:
        """Reading or writing ended without leading on: back to the step it began from."""
        if self.is_open and self._pages.currentWidget() is self._wait_page:
            self.go(self.step)

    def _on_planned(self) -> None:
        plan = self.plan
        if plan is None:
            return
        clear(self._notes)
        if self._is_fresh:
            self._is_fresh = False
            self.choose_step.show_plan(plan)
            self.stepper.set(CHOOSE)
            self.go(self._next())
            return
        if self._pages.currentWidget() is not self._wait_page:
            self.steps[self.step].show_plan(plan)
        self._show_foot()
        if self._goes_on:
            self._goes_on = False
            self.next_button.click()  # nothing where it is grey now

    def _on_busy(self, on: bool) -> None:
        self.stop_button.setVisible(on)
        if on:
            self._say(_("正在重新核对"), "")
        else:
            self._show_foot()

    def _on_failed(self, error: Exception) -> None:
        self._is_fresh = self._goes_on = False
        if self._pages.currentWidget() is self._wait_page:
            self.go(self.step if self.plan else CHOOSE)
        if not isinstance(error, UserError):
            return
        if self.step == CHOOSE:
            self.choose_step.show_problem(error)
        else:
            clear(self._notes)
            self._notes.addWidget(Banner("bad", str(error)))

    # --- write ---

    def apply(self) -> None:
        """Write the rows that go in and have their tick, all or nothing."""
        self.work.write()

    def _on_written(self, batch_id: uuid.UUID | None) -> None:
        plan = self.plan
        if plan is None:
            return
        counts = [sum(row_.outcome is outcome for row_ in plan.to_write) for outcome in (Outcome.NEW, Outcome.CHANGED)]
        words = (_("新增 {n}"), _("更新 {n}"))
        parts = [said.format(n=f"{count:,}") for said, count in zip(words, counts, strict=True) if count]
        said = _("已导入：{what}").format(what=_("、").join(parts))
        self.close_with(batch_id)
        if batch_id is not None:
            self._acts.add(Act(said, partial(imports.undo, self.context.db, batch_id), slow=True))
        if plan.count(Outcome.INVALID):
            offer_correction(self._parent, self.context, plan)
        self.imported.emit(batch_id)

    def cancel(self) -> None:
        """Stop what runs (the data stays as it was), else close, after asking where something was decided."""
        if self.work.cancel():
            self._wait_words.setText(_("正在取消，数据保持原样"))
        elif self.is_open and self.work.is_decided:
            title, text = _("放弃这次导入？"), _("已定的对应和改好的格子不会留下，数据没有写入。")
            confirm(self, title, text, _("放弃"), self.close_with, danger=True, safe=_("接着做"))
        else:
            self.close_with(None)

    # --- files ---

    def _save_template(self) -> None:
        save_template(self, self.context, self.spec)

    def _save_correction(self) -> None:
        if self.plan is not None:
            path = ask_where(self, self.context, self.plan)
            if path is not None:
                self.write_correction(path)

    def write_correction(self, path: Path) -> None:
        """The invalid rows with their reasons, and those that go in without something, as a workbook to mend."""
        if self.plan is not None:
            write_correction(self, self.context, self.plan, path, self._on_saved)

    def _on_saved(self, said: str) -> None:
        clear(self._notes)
        self._notes.addWidget(Banner("ok", said, small=True))


def ask_where(parent: QWidget, context: Context, plan: ImportPlan) -> Path | None:
    """Ask for the file that rows with remarks go to; None: the person changed their mind."""
    name = files.safe_name(_("{name} 问题行").format(name=Path(plan.file_name).stem)) + ".xlsx"
    return files.ask_where(parent, context, _("问题行另存"), name, files.excel_kinds())


def write_correction(
    parent: QWidget, context: Context, plan: ImportPlan, path: Path, done: Callable[[str], object]
) -> None:
    """Write those rows in a worker; `done(sentence)` says what is there."""

    def work(_progress: jobs.Progress) -> str:
        from expo_app.exchange import excel

        excel.correction(plan, path)
        return plan.said_of_remarks(path.name)

    context.run(_("问题行另存"), work, done, parent=parent)


def offer_correction(parent: QWidget, context: Context, plan: ImportPlan) -> None:
    """The import is done and rows were left out: offer to save them."""

    def save() -> None:
        path = ask_where(parent, context, plan)
        if path is not None:
            write_correction(parent, context, plan, path, lambda said: messages.show(parent, said, "ok"))

    said = _("有问题的 {n} 行没有导入").format(n=plan.count(Outcome.INVALID))
    messages.show(parent, said, "warn", (_("问题行另存"), save))
