"""跟进: who does what by when after somebody shook hands, and what was agreed to be paid. Two lists, one in front."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.model import MilestoneKind, TaskState
from expo_app.routes import ListRoute, Route
from expo_app.rules import due_days
from expo_app.services import follow_up
from expo_app.services.records import Row
from expo_app.services.statistics.follow_up import follow_up as follow_up_figures
from expo_app.specs import ALLIANCES, DEALS, EXHIBITORS, MILESTONES, MISSING, PITCHES, TASKS, Field
from expo_app.specs.records import RecordSpec
from expo_app.store.database import Database
from expo_app.ui.kit.buttons import Button
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.parts.follow_up import TaskDialog, settle
from expo_app.ui.records import state_colours
from expo_app.ui.records.list_page import Toggle
from expo_app.ui.records.list_parts import BulkAction
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists

TITLE = N_("跟进")
LISTS = (("tasks", N_("任务")), ("milestones", N_("付款与里程碑")))


class FollowUpList(SwitchedList):
    """One of the two lists. What is open and has a term says how it stands."""

    title = TITLE
    lists = LISTS
    also_reads = ("done_on",)

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return follow_up.rows(db, self.spec, expo_id, self.fields, self.today) if expo_id else []

    @property
    def today(self) -> date:
        """The day by the expo's clock."""
        return self.context.today()

    def filters(self) -> list[Toggle]:
        return [
            Toggle("overdue", _("逾期"), self._if_open(lambda due: due < self.today)),
            Toggle("today", _("今天"), self._if_open(lambda due: due == self.today)),
            Toggle("week", _("7 天内"), self._if_open(lambda due: due_days.is_soon(due, self.today))),
        ]

    def _if_open(self, keep: Callable[[date], bool]) -> Callable[[Sequence[Any]], bool]:
        def is_one(row: Sequence[Any]) -> bool:
            due = self.value(row, "due_on")
            return due is not None and self.is_open(row) and keep(due)

        return is_one

    def is_open(self, row: Sequence[Any]) -> bool:
        """Whether there is still something to do."""
        return self.value(row, "done_on") is None

    def cell_pill(self, field: Field, value: Any) -> str:
        if field.name != "timing":
            return super().cell_pill(field, value)
        return "bad" if value < 0 else "warn"

    def words(self, field: Field, value: Any) -> str:
        return due_days.words(value) or MISSING if field.name == "timing" else super().words(field, value)

    def due_words(self, values: Mapping[str, Any], is_open: bool) -> list[tuple[str, str]]:
        """The pill of a term that is over or ends this week."""
        left = due_days.days_left(values["due_on"], self.today) if is_open else None
        words = due_days.words(left)
        return [(words, "bad" if left is not None and left < 0 else "warn")] if words else []


class TasksPage(FollowUpList):
    spec = TASKS
    noun, counted = N_("任务"), N_("共 {n} 件")
    placeholder = N_("事项、对象、负责人、拼音首字母")
    columns = ("task_no", "title", "subject", "assignee", "due_on", "timing", "state")
    stretch = "title"
    gives_way = ("task_no", "subject", "state")
    chips = ("state", "assignee")
    also_shows = ("deal", "exhibitor", "organisation", "pitch", "achievement")
    facts = ("assignee", "due_on", "done_on", "outcome", "deal_id", "task_no", "created_at", "created_by")
    dialog_class = TaskDialog

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        state: TaskState = values["state"]
        pills = [(state.label, state_colours.pill(state)), *self.due_words(values, state is TaskState.OPEN)]
        return values["title"], values["subject"] or "", pills

    def defaults(self) -> dict[str, Any]:
        return {"assignee": self.context.actor.name}

    def fact(self, rows: Sequence[Row]) -> str:
        open_ = [row for row in rows if self.is_open(row)]
        late = sum(due_days.is_overdue(self.value(row, "due_on"), self.today) for row in open_)
        words = _("待办 {n} 件").format(n=f"{len(open_):,}")
        return words + (_(" · 逾期 {n} 件").format(n=f"{late:,}") if late else "")

    def is_open(self, row: Sequence[Any]) -> bool:
        return self.value(row, "state") is TaskState.OPEN

    def filters(self) -> list[Toggle]:
        name = self.context.actor.name
        mine = Toggle("mine", _("我的"), lambda row: bool(name) and self.value(row, "assignee") == name)
        return [*super().filters(), mine]

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[BulkAction]:
        if not self.context.may_write(self.spec.permission):
            return []
        return [(_("标记已办"), "check-line", self._done), (_("不办了"), "close-circle-line", self._dropped)]

    def _done(self, ids: list[uuid.UUID]) -> None:
        if wanted := self.taken(ids, {TaskState.DONE: _("早已办结")}, "state"):
            self.reviving(
                wanted, "state", TaskState.DROPPED, _("标记已办"), lambda: self._settle(wanted, TaskState.DONE)
            )

    def _dropped(self, ids: list[uuid.UUID]) -> None:
        if wanted := self.taken(ids, {TaskState.DROPPED: _("早已不办")}, "state"):
            self._settle(wanted, TaskState.DROPPED)

    def _settle(self, ids: Sequence[uuid.UUID], state: TaskState) -> None:
        settle(self, self.context, self.acts, ids, state)

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return [ChainStrip(self.context, self.spec.name, record_id)]

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        found = []
        if (route := self._subject(record_id)) is not None:
            go = Button(_("打开对象"), icon="external-link-line", clicked=lambda: self.context.navigate(route))
            found.append(go)
        if self.context.may_write(self.spec.permission):
            is_open = values["state"] is TaskState.OPEN
            state, words = (TaskState.DONE, _("标记已办")) if is_open else (TaskState.OPEN, _("重新打开"))
            found.append(Button(words, "primary", clicked=lambda: self._settle([record_id], state)))
        return found

    def _subject(self, record_id: uuid.UUID) -> Route | None:
        places: dict[str, RecordSpec] = {
            "deal_id": DEALS, "exhibitor_id": EXHIBITORS, "pitch_id": PITCHES, "alliance_id": ALLIANCES,
        }  # fmt: skip
        found = follow_up.subject_of(self.context.db, record_id)
        return ListRoute(places[found[0]], record=found[1]) if found else None


class MilestonesPage(FollowUpList):
    spec = MILESTONES
    noun, counted = N_("付款与里程碑"), N_("共 {n} 笔")
    placeholder = N_("编号、项目、名称")
    columns = ("deal_id", "deal_title", "kind", "title", "due_on", "timing", "amount", "done_on", "done_amount")
    stretch = "deal_title"
    gives_way = ("done_amount", "kind", "deal_id")
    chips = ("kind",)
    also_shows = ("deal",)
    facts = ("deal_id", "due_on", "amount", "done_on", "done_amount", "note")

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        kind: MilestoneKind = values["kind"]
        pills = [(kind.label, state_colours.pill(kind)), *self.due_words(values, values["done_on"] is None)]
        return values["title"], values["deal_title"], pills

    def fact(self, rows: Sequence[Row]) -> str:
        if self.context.expo_id is None:
            return ""
        figures = follow_up_figures(self.context.db, self.context.expo_id, self.today)
        agreed, made = figures.payments_agreed.in_words, figures.payments_made.in_words
        words = _("约定付款 {agreed} · 已付 {made}").format(agreed=agreed, made=made)
        late = figures.payments_overdue
        return words + (_(" · 逾期未付 {amount}").format(amount=late.in_words) if late.value else "")

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        route = ListRoute(DEALS, search=values["deal_id"])
        return [Button(_("打开项目"), icon="external-link-line", clicked=lambda: self.context.navigate(route))]


PAGES: dict[str, type[FollowUpList]] = {"tasks": TasksPage, "milestones": MilestonesPage}


class FollowUpPage(SwitchedLists):
    """The two lists, one of them in front."""

    pages = PAGES
