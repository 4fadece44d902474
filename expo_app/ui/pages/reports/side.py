"""The panel beside the gallery: what the document is, format, paper, folder, progress, files made before, the verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from expo_app.documents import Document
from expo_app.i18n import N_, _
from expo_app.rules import periods
from expo_app.specs.report_data import Finding
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton, Segmented
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label, Meter
from expo_app.ui.kit.panels import Card, DetailPanel, SectionTitle, clear, column, row
from expo_app.ui.pages.reports.checks import summed
from expo_app.ui.pages.reports.gallery import FORMATS
from expo_app.ui.pages.reports.making import Made, Maker
from expo_app.ui.records import files
from expo_app.ui.records.editors import DateEditor

PAPERS: Mapping[str, str] = {
    "90x130": N_("90 × 130 mm"), "A6": N_("A6 单张"), "4xA6": N_("A4 上 4 张 A6"), "8xA7": N_("A4 上 8 张 A7"),
}  # fmt: skip
ICONS = {
    ".pdf": ("file-pdf-line", "bad"), ".docx": ("file-word-2-line", "primary"), ".xlsx": ("file-excel-2-line", "ok"),
}  # fmt: skip
SHOWN = 5
FEW_SECONDS = 3
"""Seconds of work after which what is left can be told."""


class SidePanel(DetailPanel):
    """The page sets a document and hears what is wanted; which formats and folder are chosen is read here."""

    made_wanted = Signal()
    preview_wanted = Signal()
    print_wanted = Signal()
    folder_wanted = Signal()
    layout_chosen = Signal(str)
    file_chosen = Signal(object)  # Path to open
    badges_wanted = Signal()
    daily_wanted = Signal()
    checks_wanted = Signal()

    def __init__(self, maker: Maker, layout: str) -> None:
        super().__init__()
        self._maker = maker
        self.close_button.hide()  # the panel is part of the page
        self.document: Document | None = None
        self._formats = row()
        self.papers = ComboBox()
        for key, words in PAPERS.items():
            self.papers.addItem(_(words), key)
        self.papers.setCurrentIndex(max(0, self.papers.findData(layout)))
        self.papers.activated.connect(lambda _index: self.layout_chosen.emit(self.layout_key))
        self.paper_field = FormField(_("纸张"), self.papers)
        self.day_editor = DateEditor()
        self.day_field = FormField(_("截至日期"), self.day_editor)
        self.day_editor.left.connect(self.check_day)
        self.period_editor = LineEditor()
        self.period_field = FormField(_("结算期"), self.period_editor)
        self.period_editor.setPlaceholderText("2019H1")
        self.period_editor.left.connect(self.check_period)
        self.parts = ComboBox()
        self.parts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long name is cut
        self.part_field = FormField("", self.parts)
        self.format: Segmented | None = None
        self.place = LineEditor()
        self.place.setReadOnly(True)
        self.place_field = FormField(_("保存到"), self.place)
        self.progress = ProgressCard(maker)
        self._listed: list[tuple[Made, str, bool]] | None = None
        self._recent = column(spacing=theme.Space.XS)
        self._build()

    def _build(self) -> None:
        self.body.setSpacing(theme.Space.M)
        self.body.addLayout(self._formats)
        self.body.addWidget(self.paper_field)
        self.body.addWidget(self.day_field)
        self.body.addWidget(self.period_field)
        self.body.addWidget(self.part_field)
        folder = row()
        folder.addWidget(self.place_field, 1)
        change = Button(_("更改…"), clicked=self.folder_wanted.emit)
        below = column(spacing=theme.Space.XS)
        below.addWidget(Label("", "caption.bold"))
        below.addWidget(change)
        folder.addLayout(below)
        self.body.addLayout(folder)
        self.hint = Button(_("到胸卡与打印"), "link", "printer-line", clicked=self.badges_wanted.emit)
        self.hint_words = Label(_("打印后要记数的胸卡，在“胸卡与打印”里打。"), "caption", wrap=True)
        self.body.addWidget(self.hint_words)
        hint = row()
        hint.addWidget(self.hint)
        hint.addStretch(1)
        self.body.addLayout(hint)
        self.checks = Button("", "link", "error-warning-line", clicked=self.checks_wanted.emit)
        self.checks.hide()
        check = row()
        check.addWidget(self.checks)
        check.addStretch(1)
        self.body.addLayout(check)
        self.body.addWidget(self.progress)
        self.body.addWidget(SectionTitle(_("最近文件")))
        self.body.addLayout(self._recent)
        self.preview_button = Button(_("预览"), icon="eye-line", clicked=self.preview_wanted.emit)
        self.print_button = Button(_("打印"), icon="printer-line", clicked=self.print_wanted.emit)
        self.make_button = Button(
            _("生成"), "primary", "play-circle-line", keys="Ctrl+Return", clicked=self.made_wanted.emit
        )
        self.make_button.setToolTip("Ctrl+Enter")
        self.daily_button = Button(_("定时"), icon="time-line", clicked=self.daily_wanted.emit)
        self.set_actions(self.preview_button, self.print_button, self.daily_button, self.make_button)

    def show_daily(self, words: str) -> None:
        """Say at which hour reports are made by themselves."""
        self.daily_button.setProperty("words", words)
        self.daily_button.set_text(words)
        self.daily_button.setToolTip(words)
        self._fit_actions()

    def close_panel(self) -> None:
        """Esc does nothing here: the panel is part of the page."""

    # --- what is shown ---

    def show_document(
        self, document: Document, may: bool, refusal: str, today: date | None = None,
        parts: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        """Offer this document; `may`: whether the person may make files. `today`: the day it tells of until one is
        chosen; `parts`: what it may tell of alone."""
        if document is not self.document and today is not None:
            self.day_editor.set_usual(today)
            self.day_editor.set_value(today)
            self.day_field.clear_problem()
        self.document = document
        self.day_field.setVisible(document.of_day)
        self.period_field.setVisible(document.of_period)
        self.part_field.set_label(_(document.part_label))
        self._offer_parts(parts)
        self.set_head(_(document.title), _(document.about))
        clear(self._formats)
        self.format = Segmented([(kind, FORMATS[kind]) for kind in document.formats])
        self.format.chosen.connect(lambda _kind: self._allow(may, refusal))
        self._formats.addWidget(FormField(_("格式"), self.format))
        self._formats.addStretch(1)
        is_badges = document.shape == "cards"
        for widget in (self.paper_field, self.hint, self.hint_words):
            widget.setVisible(is_badges)
        self.print_button.setVisible(not is_badges)
        self._allow(may, refusal)

    def _offer_parts(self, parts: Sequence[tuple[str, str]]) -> None:
        chosen = self.parts.currentData()
        self.parts.clear()
        self.parts.addItem(_("全部"), "")
        for key, name in parts:
            self.parts.addItem(name, key)
        self.parts.setCurrentIndex(max(0, self.parts.findData(chosen)))
        self.part_field.setVisible(len(parts) > 1)

    @property
    def part(self) -> str:
        """The key of what is told of alone; "": all of it."""
        return str(self.parts.currentData() or "")

    def _allow(self, may: bool, refusal: str) -> None:
        self.make_button.setEnabled(may)
        self.make_button.setToolTip("Ctrl+Enter" if may else refusal)
        on_paper = self.ending == "pdf"
        for button in (self.preview_button, self.print_button):
            button.setEnabled(may and on_paper)
            app = FORMATS.get(self.ending, "")
            words = refusal if not may else "" if on_paper else _("{app} 没有预览，生成后用 {app} 打开").format(app=app)
            button.setToolTip(words)

    def show_findings(self, findings: Sequence[Finding] | None) -> None:
        """Say how much is to be corrected before it is made; None: this document has no such rules."""
        self.checks.setVisible(findings is not None)
        if findings is not None:
            self.checks.setText(_("核对：{what}").format(what=summed(findings)))

    @property
    def ending(self) -> str:
        """The format chosen: pdf, docx or xlsx."""
        return str(self.format.key) if self.format is not None else ""

    @property
    def day(self) -> date | None:
        """The day chosen; None where the document has none, or none can be read."""
        return self.day_editor.day() if self.document is not None and self.document.of_day else None

    def check_day(self) -> bool:
        """Whether the day can be read; beside it what is wrong. Empty is today."""
        text = self.day_editor.text().strip()
        is_right = not text or self.day_editor.day() is not None or not self.day_field.isVisibleTo(self)
        if is_right:
            self.day_field.clear_problem()
        else:
            self.day_field.set_problem(_("“{text}”不是日期，按“年-月-日”写。").format(text=text))
        return is_right

    @property
    def period(self) -> str:
        """The settlement period typed; "" where the document has none, or the last half-year is meant."""
        is_asked = self.document is not None and self.document.of_period
        return self.period_editor.text().strip() if is_asked else ""

    def check_period(self) -> bool:
        """Whether the period can be read; beside it what is wrong. Empty is the last half-year."""
        try:
            if self.period:
                periods.period(self.period)
        except ValueError as problem:
            self.period_field.set_problem(str(problem))
            return False
        self.period_field.clear_problem()
        return True

    def is_right(self) -> bool:
        """Whether what was typed can be read."""
        return self.check_day() and self.check_period()

    @property
    def layout_key(self) -> str:
        """The paper chosen for badges."""
        return str(self.papers.currentData())

    def show_folder(self, folder: Path) -> None:
        """Say where files go."""
        self.place.set_value(folder)
        self.place.setToolTip(str(folder))
        self.place_field.clear_problem()

    def show_recent(self, made: Sequence[tuple[Made, str]]) -> None:
        """Files made before, newest first, each with its small words."""
        now = [(file, words, file.file.exists()) for file, words in made[:SHOWN]]
        if now == self._listed:
            return
        self._listed = now
        clear(self._recent)
        for file, words in made[:SHOWN]:
            self._recent.addWidget(self._file_row(file.file, words))
        if not made:
            self._recent.addWidget(Label(_("还没有生成过文件。"), "secondary"))

    def _file_row(self, path: Path, words: str) -> ItemRow:
        is_there = path.exists()
        icon = ICONS.get(path.suffix, ("file-line", "text.2"))
        detail = words if is_there else _("文件不在原处 · {words}").format(words=words)
        folder = IconButton("folder-open-line", _("打开文件夹"), partial(files.open_folder, path))
        opens = partial(self.file_chosen.emit, path) if is_there else None
        return ItemRow(path.name, detail, icon[0], token=icon[1], buttons=[folder], clicked=opens, below=True)


class ProgressCard(Card):
    """What is being made: which step, how far, what waits; 取消 leaves nothing behind."""

    def __init__(self, maker: Maker) -> None:
        super().__init__(padding=theme.Space.M)
        self._maker = maker
        self.set_colors("primary.soft", "primary")
        head = row()
        head.addWidget(IconView("loader-4-line", "primary"))
        self.title, self.percent = ElidedLabel("", "strong"), Label("", "strong")
        head.addWidget(self.title, 1)
        head.addWidget(self.percent)
        self.body.addLayout(head)
        self.meter = Meter(0, 1, "primary")
        self.body.addWidget(self.meter)
        foot = row()
        self.step = ElidedLabel("", "fact")
        foot.addWidget(self.step, 1)
        self.cancel_button = Button(_("取消"), clicked=self._on_cancel)
        foot.addWidget(self.cancel_button)
        self.body.addLayout(foot)
        self.note = Label("", "caption", wrap=True)
        self.body.addWidget(self.note)
        maker.changed.connect(self.show_state)
        maker.progressed.connect(self.show_state)
        self.show_state()

    def _on_cancel(self) -> None:
        self._maker.cancel()
        self.show_state()

    def show_state(self) -> None:
        """Say how it stands now."""
        order, job = self._maker.current, self._maker.job
        self.setVisible(order is not None)
        if order is not None and job is not None:
            waits = len(self._maker.waiting)
            self.show_progress(order.title, self._maker.state, job.seconds, waits, job.is_cancelled)

    def show_progress(self, title: str, state: tuple[int, int, str], seconds: float, waits: int, ends: bool) -> None:
        """Show this much of it done; `state` as a job tells it, `waits` others after it, `ends`: being cancelled."""
        self.show()
        n, total, step = state
        self.title.set_text(_("正在生成 · {title}").format(title=title))
        self.percent.setText(f"{n * 100 // total}%" if total else "")
        self.meter.set(n, total or 1, "primary")
        words = [step, f"{n:,} / {total:,}" if total else "", self._left(n, total, seconds)]
        said = " · ".join(filter(None, words)) or _("读取数据")
        self.step.set_text(_("正在取消，数据保持原样") if ends else said)
        self.cancel_button.setEnabled(not ends)
        self.note.setText(
            _("后面还有 {n} 份在等。").format(n=waits) if waits else _("可继续做别的事，完成后右下角提示。")
        )

    @staticmethod
    def _left(n: int, total: int, seconds: float) -> str:
        if not n or seconds < FEW_SECONDS:
            return ""
        return _("约剩 {n} 秒").format(n=max(1, round(seconds * (total - n) / n)))
