"""路演记录: interests, scores, comments and criteria, one of the four lists in front."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.rules.palette_rows import Command
from expo_app.services import roadshow_deals
from expo_app.specs import DEALS, INTERESTS, PITCH_COMMENTS, SCORE_CRITERIA, SCORES, TASKS
from expo_app.specs.chain import Link
from expo_app.ui.kit.buttons import Button
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.parts.follow_up import TaskBox
from expo_app.ui.parts.roadshow_deals import link_interest, to_deals, to_tasks
from expo_app.ui.records import state_colours
from expo_app.ui.records.list_parts import BulkAction
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists

LISTS = (
    ("interests", N_("意向记录")),
    ("scores", N_("评分记录")), ("pitch_comments", N_("点评")), ("score_criteria", N_("评分项")),
)  # fmt: skip


class RoadshowList(SwitchedList):
    """One of the lists."""

    title = N_("路演记录")
    lists = LISTS
    also_shows: tuple[str, ...] = ("pitch", "achievement", "programme_item")


class InterestsPage(RoadshowList):
    spec = INTERESTS
    noun, counted = N_("意向"), N_("共 {n} 条")
    placeholder = N_("单位、项目、联系人、拼音首字母")
    columns = (
        "interest_no", "pitch", "organisation_id", "level", "amount_from", "amount_to", "contact", "next_step", "deal",
    )  # fmt: skip
    stretch = "pitch"
    gives_way = ("next_step", "interest_no", "deal")
    also_shows = ("pitch", "achievement", "programme_item", "organisation", "deal")

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        level = values["level"]
        who = values["organisation_id"] or values["contact"] or values["interest_no"]
        return who, values["pitch"] or "", [(level.label, state_colours.pill(level))]

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        task_box = TaskBox(self, self.context, self.acts, "interest_id", record_id)
        return [ChainStrip(self.context, self.spec.name, record_id, partial(self._begin, record_id)), task_box]

    def _begin(self, record_id: uuid.UUID, link: Link) -> Callable[[], object] | None:
        may = link.key == "deal" and self.context.may_write(DEALS.permission)
        return partial(self.to_deals, [record_id]) if may else None

    # --- on to a deal ---

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[BulkAction]:
        found: list[BulkAction] = []
        if self.context.may_write(TASKS.permission):
            found.append((_("加任务"), "checkbox-circle-line", self.to_tasks))
        if self.context.may_write(DEALS.permission):
            found.append((_("转签约"), "arrow-right-line", self.to_deals))
        return found

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        found = roadshow_deals.prospects(self.context.db, [record_id])
        if found and found[0].deal_id is not None:
            open_ = Button(_("打开签约"), "primary", "external-link-line", clicked=lambda: self.to_deals([record_id]))
            may = self.context.may_write(DEALS.permission)
            return [Button(_("解除关联"), clicked=lambda: self.part(record_id)), open_] if may else [open_]
        if not self.context.may_write(DEALS.permission):
            return []
        button = Button(_("转签约"), "primary", "arrow-right-line", clicked=lambda: self.to_deals([record_id]))
        button.setToolTip("D")
        return [button]

    def to_deals(self, ids: Sequence[uuid.UUID]) -> None:
        """Draft deals of these interests; one that has its deal opens it."""
        to_deals(self, self.context, self.acts, ids)

    def part(self, record_id: uuid.UUID) -> None:
        """This interest's deal came of something else."""
        link_interest(self, self.context, self.acts, record_id, None)

    def to_tasks(self, ids: Sequence[uuid.UUID]) -> None:
        """A task of each of these interests."""
        to_tasks(self, self.context, self.acts, ids)

    def commands(self) -> Sequence[Command]:
        if not self.meant():
            return ()
        found = []
        if self.context.may_write(DEALS.permission):
            found.append(Command(_("意向转签约"), self.title_shown, "arrow-right-line", "D", self._meant_to_deals))
        if self.context.may_write(TASKS.permission):
            found.append(Command(_("意向加任务"), self.title_shown, "checkbox-circle-line", "T", self._meant_to_tasks))
        return found

    @property
    def title_shown(self) -> str:
        """What the page is called."""
        return _(self.title)

    def _meant_to_deals(self) -> None:
        self.to_deals(self.meant())

    def _meant_to_tasks(self) -> None:
        self.to_tasks(self.meant())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts = {Qt.Key.Key_D: (DEALS, self.to_deals), Qt.Key.Key_T: (TASKS, self.to_tasks)}
        spec, act = acts.get(event.key(), (None, None))  # type: ignore[call-overload]
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if spec is not None and plain and self.meant() and self.context.may_write(spec.permission):
            act(self.meant())
        else:
            super().keyPressEvent(event)


class ScoresPage(RoadshowList):
    spec = SCORES
    noun, counted = N_("评分"), N_("共 {n} 条")
    placeholder = N_("项目、专家")
    columns = ("pitch", "expert", "criterion", "points", "maximum", "item")
    stretch = "pitch"
    also_shows = ("pitch", "achievement", "programme_item", "score_criterion")


class CommentsPage(RoadshowList):
    spec = PITCH_COMMENTS
    noun, counted = N_("点评"), N_("共 {n} 条")
    placeholder = N_("项目、专家、点评")
    columns = ("pitch", "expert", "words")
    stretch = "words"


class CriteriaPage(RoadshowList):
    spec = SCORE_CRITERIA
    noun, counted = N_("评分项"), N_("共 {n} 项")
    placeholder = N_("评分项")
    stretch = "name"


class RoadshowLists(SwitchedLists):
    """The lists, one of them in front."""

    pages = {  # noqa: RUF012
        "interests": InterestsPage, "scores": ScoresPage, "pitch_comments": CommentsPage,
        "score_criteria": CriteriaPage,
    }  # fmt: skip
