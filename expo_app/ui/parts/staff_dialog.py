"""Contacts or speakers become people registered for the expo: who will be, who is left out and why, before anything is.

RegisterDialog(self, self.context, Ticked(Whom.CONTACTS, ids), self.acts).open()
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.routes.badges import BadgesRoute
from expo_app.services import staff_badges, steps
from expo_app.services.record_writer import followed
from expo_app.services.staff_badges import Intake, Registered, Ticked, Whom
from expo_app.services.steps import Step
from expo_app.specs import ATTENDEES
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.labels import Label, SectionTitle
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records.undo_list import UndoList, step_act

WIDTH, ROWS, FEW = 760, 4, 3
TITLES = {Whom.CONTACTS: N_("联系人制证"), Whom.EVERYBODY: N_("联系人制证"), Whom.SPEAKERS: N_("嘉宾制证")}


class RegisterDialog(Dialog):
    """One act of `acts` when it is confirmed, which can be taken back as a whole."""

    def __init__(self, parent: QWidget, context: Context, ticked: Ticked, acts: UndoList) -> None:
        super().__init__(parent, _(TITLES[ticked.whom]), WIDTH)
        self.context, self.ticked, self.intake = context, ticked, None
        self._acts, self._host = acts, parent
        self._make_body()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.register_button = Button("", icon="user-add-line", clicked=self.register)
        self.print_button = Button("", "primary", "printer-line", clicked=partial(self.register, prints=True))
        self.add_action(self.register_button)
        self.add_action(self.print_button, safe=True)
        self._show_count()
        self._look()

    intake: Intake | None

    def _make_body(self) -> None:
        self.category = ComboBox()
        self.category.activated.connect(self._on_category)
        self.body.addWidget(FormField(ATTENDEES.field("category_id").title, self.category))
        self.everybody = Tick()
        self.everybody.toggled.connect(self._on_everybody)
        self.body.addWidget(self.everybody)
        self.everybody.hide()
        self._notes = column(spacing=theme.Space.XS)
        self.body.addLayout(self._notes)
        columns = (
            Column("name", _("姓名"), 150, role="strong"),
            Column("organisation", _("单位"), 300, stretch=True),
            Column("title", _("职务"), 150),
        )
        self.going = TableModel(columns, checkable=True)
        self.going.checked_changed.connect(lambda _n: self._on_ticked())
        self.going_title = SectionTitle("")
        self.body.addWidget(self.going_title)
        self.body.addWidget(self._table(self.going, _("将登记的人")))
        self.staying = TableModel((*columns[:2], Column("reason", _("原因"), 250, tone=lambda _value: "warn")))
        self.staying_title = SectionTitle("")
        self.body.addWidget(self.staying_title)
        self._staying_table = self._table(self.staying, _("不登记的人"))
        self.body.addWidget(self._staying_table)

    def _table(self, model: TableModel, name: str) -> TableView:
        view = TableView(model, name)
        model.rows_changed.connect(lambda: _fit(view))
        _fit(view)
        return view

    # --- what would happen ---

    def _on_category(self, _index: int) -> None:
        self.ticked = replace(self.ticked, category_id=self.category.currentData())
        self._look()

    def _on_everybody(self, on: bool) -> None:
        self.ticked = replace(self.ticked, whom=Whom.EVERYBODY if on else Whom.CONTACTS)
        self._look()

    def _on_ticked(self) -> None:
        """Whom one takes out leaves a pass to another."""
        intake = self.intake
        if intake is not None:
            there = {one.person_id for one in (*intake.people, *intake.unticked)}
            without = frozenset(there - self.going.checked)
            if without != frozenset(one.person_id for one in intake.unticked):
                self.ticked = replace(self.ticked, without=without)
                self._look()

    def _look(self) -> None:
        db, expo_id, ticked = self.context.db, self.context.expo_id, self.ticked
        if expo_id is None:
            return
        self.intake = None
        self._show_count()

        def looked(intake: Intake) -> None:
            if ticked is self.ticked:
                self._show(intake)

        work = lambda _progress: staff_badges.look(db, expo_id, ticked)  # noqa: E731
        jobs.run_job(self, self.title.text(), work, looked, self._refused, card=False)

    def _show(self, intake: Intake) -> None:
        self.category.clear()
        for term in intake.offered:
            self.category.addItem(term.label, term.id)
        chosen = self.category.findData(intake.category.id) if intake.category else -1
        self.category.setCurrentIndex(chosen)
        self.everybody.set_text(_("连同人员名录里同单位的其他 {n} 人").format(n=f"{intake.others:,}"))
        self.everybody.setVisible(intake.others > 0)
        clear(self._notes)
        if intake.category is None:
            self._notes.addWidget(Banner("warn", _("这个展会没有合适的参会类别，先选一个。"), small=True))
        over = intake.said_of_quotas()
        for words in over[:FEW]:
            self._notes.addWidget(Banner("warn", words, small=True))
        if len(over) > FEW:
            self._notes.addWidget(Label(_("还有 {n} 家超出名额，见下面的名单").format(n=len(over) - FEW), "fact"))
        shown = sorted((*intake.people, *intake.unticked), key=lambda one: (one.organisation, one.name))
        self.going.set_rows((one.person_id, one.name, one.organisation, one.title) for one in shown)
        self.going.check_only({one.person_id for one in intake.people})
        self.staying.set_rows((n, one.name, one.organisation, one.reason) for n, one in enumerate(intake.left_out))
        self.staying_title.setText(_("不登记 {n} 人，原因如下").format(n=f"{len(intake.left_out):,}"))
        for widget in (self.staying_title, self._staying_table):
            widget.setVisible(bool(intake.left_out))
        self.intake = intake  # only now: a tick set here is nobody's decision
        self._show_count()

    def _show_count(self) -> None:
        count = len(self.intake.people) if self.intake else 0
        said = f"{count:,}"
        words = _("将登记 {n} 人，已确认，可以制证") if self.intake else _("正在核对")
        self.going_title.setText(words.format(n=said))
        self.register_button.set_text(_("只登记 {n} 人").format(n=said))
        self.print_button.set_text(_("登记 {n} 人并去打印胸卡").format(n=said))
        may = self.intake is not None and self.intake.category is not None and count > 0
        self.register_button.setEnabled(may)
        self.print_button.setEnabled(may)

    # --- do it ---

    def register(self, prints: bool = False) -> None:
        """Register whoever has a tick; `prints`: then go to their badges."""
        db, expo_id, ticked, shown = self.context.db, self.context.expo_id, self.ticked, self.intake
        if expo_id is None or shown is None:
            return

        def work(_progress: jobs.Progress) -> tuple[Registered, Step | None]:
            with followed() as writers:
                done = staff_badges.register_people(db, expo_id, ticked, shown)
            return done, steps.step_of("attendees.edit", writers)

        self.register_button.setEnabled(False)
        self.print_button.setEnabled(False)
        done = lambda found: self._done(prints, *found)  # noqa: E731
        jobs.run_job(self._host, self.title.text(), work, done, self._refused, card=False)

    def _done(self, prints: bool, done: Registered, step: Step | None) -> None:
        category = done.intake.category
        words = _("已登记 {n} 人为{category}").format(
            n=f"{len(done.attendee_ids):,}", category=category.label if category else ""
        )
        is_left = not (isValid(self) and self.is_open)  # Esc: it is said all the same, but leads nowhere
        if not is_left:
            self.close_with(done)
        if not done.attendee_ids:
            messages.show(self._host, _("这些人刚刚已由别处登记，没有再登记。"), "info")
            return
        self._acts.add(step_act(words, self.context.db, step))
        if prints and not is_left:
            self.context.navigate(BadgesRoute(people=list(done.attendee_ids)))

    def _refused(self, error: Exception) -> None:
        if isinstance(error, UserError):
            messages.show(self._host, error)
        if not isValid(self) or not self.is_open:
            return
        self._look() if self.intake is not None else self._show_count()


def _fit(view: TableView) -> None:
    """As high as its rows, up to a number of them."""
    shown = min(max(view.rows_model.rowCount(), 1), ROWS)
    view.setFixedHeight(theme.Height.ROW * (shown + 1) + theme.Space.XS)
