"""The face 规则: slots, limits and points of an expo's matchmaking, and the matrix who may ask whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import N_, _
from expo_app.model import AskerKind
from expo_app.routes import Route
from expo_app.rules.meeting_board import Meeting
from expo_app.services import matching_setup, record_writer, steps, timetable, timetable_acts
from expo_app.specs import (
    MATCHING_CONSENTS,
    MATCHING_SETTINGS,
    MATCHING_TIMES,
    MEETING_HOURS,
    MEETING_PLACES,
    REGION_POLICIES,
    REPORTED_COUNTS,
)
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, questions, theme
from expo_app.ui.kit.buttons import Button, Segmented, Tick
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, PageHeader, clear, column, row, scrolled
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.page import Page
from expo_app.ui.records.form import Form
from expo_app.ui.records.undo_list import UndoList, step_act

TITLE = MATCHING_SETTINGS.title
LISTS = (
    (MATCHING_SETTINGS.name, N_("规则")), (MEETING_PLACES.name, N_("洽谈点")), (MEETING_HOURS.name, N_("时间")),
    (MATCHING_TIMES.name, N_("忙与不开放")), (MATCHING_CONSENTS.name, N_("可被推荐")),
    (REGION_POLICIES.name, N_("政策")), (REPORTED_COUNTS.name, N_("报道数")),
)  # fmt: skip
"""The faces of the page: specs by name, the rules first."""
HERE = N_("建议和排程都在这台电脑上算，资料不发到别处；程序也不替任何一方答应洽谈。")
WHO = N_(
    "行是发出请求的一方，列是被约的一方；一家有几种身份的，按其中任何一种都可以。本届成果的持有单位算参展商；"
    "双方都接受了建议的，不受这张表限制。改了只管以后的请求。"
)
TABLES = frozenset({"matching_settings", "meeting", "expo"})


class RulesFace(Page):
    """A form that is saved by its button, ticks that hold at once; both can be taken back."""

    panel = None

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.acts = UndoList(self)
        content = QWidget()
        lines = column(content, theme.Space.L)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_(TITLE), _(HERE))
        self.switch = Segmented([(name, _(words)) for name, words in LISTS], MATCHING_SETTINGS.name)
        lines.addWidget(self.header)
        lines.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._cards = column(spacing=theme.Space.L)
        lines.addLayout(self._cards)
        lines.addStretch(1)
        self.view = scrolled(content)
        column(self).addWidget(self.view)
        self.form: Form | None = None
        self._job: jobs.Job | None = None
        self.ticks: dict[tuple[AskerKind, AskerKind], Tick] = {}
        self._shown: matching_setup.Setup | None = None
        self.submit_button: Button | None = None
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self.refresh)

    @property
    def may(self) -> bool:
        """Whether who works here may change them."""
        return self.context.may_write(MATCHING_SETTINGS.permission)

    # --- reading ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.form is None:
            self.refresh()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self.isVisible() and not (self.form and self.form.is_dirty) and not self._is_latest():
            self.refresh()

    def _is_latest(self) -> bool:
        """Whether what is shown is what is kept: a tick of one's own keeps the focus."""
        expo_id, shown = self.context.expo_id, self._shown
        if expo_id is None or shown is None:
            return False
        kept = matching_setup.read(self.context.db, expo_id)
        ticked = {pair for pair, tick in self.ticks.items() if tick.isChecked()}
        wanted = {(asker, asked) for asker, those in kept.matrix.items() for asked in those}
        return kept.values == shown.values and ticked == wanted

    def refresh(self) -> None:
        """Read and show again; what is typed and not saved goes."""
        clear(self._cards)
        self.form, self.ticks = None, {}
        if self.context.expo_id is None:
            self._cards.addWidget(EmptyState("links-line", _("还没有展会"), _("先建展会，再定对接的规则。")))
            return
        setup = self._shown = matching_setup.read(self.context.db, self.context.expo_id)
        self._cards.addWidget(self._rules_card(setup))
        self._cards.addWidget(self._matrix_card(setup.matrix))

    def _rules_card(self, setup: matching_setup.Setup) -> Card:
        card = Card()
        expo = self.context.expo
        self.form = Form(MATCHING_SETTINGS, zone=expo.zone if expo else None)
        self.form.set_values(setup.values)
        self.form.set_read_only(not self.may)
        card.body.addWidget(self.form)
        foot = row()
        foot.addStretch(1)
        button = self.submit_button = Button(_("保存"), "primary", "check-line", clicked=self.submit)
        button.setEnabled(False)
        self.form.edited.connect(lambda _name: button.setEnabled(self.may))
        foot.addWidget(button)
        card.body.addLayout(foot)
        button.setVisible(self.may)  # in its place: alone it would be a window
        return card

    def _matrix_card(self, matrix: matching_setup.Matrix) -> Card:
        card = Card(_("谁可以约谁"))
        card.body.addWidget(Label(_(WHO), "secondary", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.Space.XL)
        grid.setVerticalSpacing(theme.Space.S)
        kinds = list(AskerKind)
        for place, kind in enumerate(kinds, 1):
            grid.addWidget(Label(kind.label, "secondary"), 0, place, Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(Label(kind.label, "body"), place, 0)
        for down, asker in enumerate(kinds, 1):
            for across, asked in enumerate(kinds, 1):
                tick = Tick()
                tick.setChecked(asked in matrix[asker])
                tick.setEnabled(self.may)
                tick.setAccessibleName(_("{asker}可以约{asked}").format(asker=asker.label, asked=asked.label))
                tick.setToolTip(tick.accessibleName())
                tick.clicked.connect(partial(self._on_tick, (asker, asked)))
                grid.addWidget(tick, down, across, Qt.AlignmentFlag.AlignCenter)
                self.ticks[asker, asked] = tick
        line = row()
        line.addLayout(grid)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    # --- writing ---

    def submit(self) -> None:
        """Save; before slots get another length it is said how many meetings lose their seat."""
        form, expo_id = self.form, self.context.expo_id
        if form is None or expo_id is None or not form.check_all(edited_only=False):
            return
        minutes = form.read(matching_setup.SLOT)
        if self._shown is None or minutes == self._shown.values[matching_setup.SLOT]:
            self._save()
            return
        db = self.context.db
        jobs.run_job(
            self, _(TITLE), lambda _progress: timetable_acts.unfit(timetable.read(db, expo_id), minutes),
            self._ask, card=False,
        )  # fmt: skip

    def _ask(self, waiting: Sequence[Meeting]) -> None:
        if not waiting:
            self._save()
            return
        title = _("改了时段长度，{n} 场排好的洽谈放不下。").format(n=len(waiting))
        words = _("它们回到未排，双方的同意不变，要重新排。已经开始的不动。")
        if locked := sum(one.is_locked for one in waiting):
            words = _("其中 {n} 场已锁定。").format(n=locked) + words
        questions.confirm(self, title, words, _("改时段"), self._save, safe=_("不改"))

    def _save(self) -> None:
        form, expo_id, shown = self.form, self.context.expo_id, self._shown
        if form is None or expo_id is None or shown is None or self._job is not None:
            return
        db, values, seen = self.context.db, form.changes(), shown.values if shown.id else {}

        def work(_progress: object) -> tuple[int, Sequence[record_writer.Writer]]:
            with record_writer.followed() as writers:
                return matching_setup.save(db, expo_id, values, seen), writers

        def done(made: tuple[int, Sequence[record_writer.Writer]]) -> None:
            away, writers = made
            words = _("已保存对接设置，{n} 场洽谈回到未排").format(n=away) if away else _("已保存对接设置")
            if self.context.expo_id == expo_id:
                self._done(words, writers)

        self._job = jobs.run_job(self, _(TITLE), work, done, partial(self._refused, form))
        self._job.finished.connect(self._on_saved)

    def _on_saved(self) -> None:
        self._job = None

    def _refused(self, form: Form, error: Exception) -> None:
        if isinstance(error, InvalidRecord) and form is self.form:
            form.show_problems(error.problems)
        elif isinstance(error, UserError):
            messages.show(self, error)

    def _on_tick(self, pair: tuple[AskerKind, AskerKind]) -> None:
        self.allow(*pair, self.ticks[pair].isChecked())

    def allow(self, asker: AskerKind, asked: AskerKind, may: bool) -> None:
        """One tick."""
        expo_id = self.context.expo_id
        if expo_id is None:
            return
        try:
            with record_writer.followed() as writers:
                matching_setup.allow(self.context.db, expo_id, asker, asked, may)
        except UserError as error:
            messages.show(self, error)
            self.refresh()
            return
        words = _("{asker}可以约{asked}") if may else _("{asker}不能再约{asked}")
        self._done(words.format(asker=asker.label, asked=asked.label), writers, again=False)

    def _done(self, words: str, writers: Sequence[record_writer.Writer], again: bool = True) -> None:
        step = steps.step_of(MATCHING_SETTINGS.permission, writers)
        if step is not None:
            self.acts.add(step_act(words, self.context.db, step))
        if again:
            self.refresh()

    # --- what the window asks for ---

    def open_with(self, route: Route) -> None:
        self.refresh()

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()
