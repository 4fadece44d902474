"""The lists that matchmaking is set up with, beside its rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes import Route
from expo_app.routes.settings import SectionRoute
from expo_app.services import timetable_acts
from expo_app.services.steps import Step
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
from expo_app.ui.pages.matching_settings.rules_face import LISTS, TITLE, RulesFace
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists
from expo_app.ui.records.undo_list import Act


class GroundsList(SwitchedList):
    """One of the lists. There are so many that the switch has a line of its own."""

    title = TITLE
    lists = LISTS

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._lines.insertWidget(1, self.switch, 0, Qt.AlignmentFlag.AlignLeft)

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        super().actions()
        return []

    def act_of(self, words: str, record_id: UUID, step: Step | None, is_new: bool) -> Act:
        """It says how many meetings wait again because of it."""
        if step is not None and (lost := timetable_acts.lost_in(step)):
            words = _("{what}，放回未排 {n} 场").format(what=words, n=f"{lost:,}")
        return super().act_of(words, record_id, step, is_new)


class PlacesList(GroundsList):
    spec = MEETING_PLACES
    noun, counted = N_("洽谈点"), N_("共 {n} 个")
    placeholder = N_("名称、片区、参展商")
    columns = ("name", "kind", "area", "capacity", "exhibitor", "is_closed")
    stretch = "exhibitor"
    also_shows = ("exhibitor", "organisation")


class HoursList(GroundsList):
    spec = MEETING_HOURS
    noun, counted = N_("洽谈时间"), N_("共 {n} 段")


class TimesList(GroundsList):
    spec = MATCHING_TIMES
    noun, counted = N_("忙与不开放"), N_("共 {n} 段")
    placeholder = N_("单位、人员、洽谈点、原因")
    stretch = "note"


class ConsentsList(GroundsList):
    spec = MATCHING_CONSENTS
    noun, counted = N_("可被推荐"), N_("共 {n} 条")
    placeholder = N_("单位、人员")
    stretch = "organisation_id"


class PoliciesList(GroundsList):
    spec = REGION_POLICIES
    noun, counted = N_("地区政策"), N_("共 {n} 条")
    placeholder = N_("政策名称、出处")
    stretch = "title"


class CountsList(GroundsList):
    spec = REPORTED_COUNTS
    noun, counted = N_("报道数"), N_("共 {n} 条")
    placeholder = N_("出处")
    stretch = "source"


class MatchingSettingsPage(SwitchedLists):
    """The rules first."""

    pages: ClassVar[Mapping[str, type[Any]]] = {
        MATCHING_SETTINGS.name: RulesFace, MEETING_PLACES.name: PlacesList, MEETING_HOURS.name: HoursList,
        MATCHING_TIMES.name: TimesList, MATCHING_CONSENTS.name: ConsentsList, REGION_POLICIES.name: PoliciesList,
        REPORTED_COUNTS.name: CountsList,
    }  # fmt: skip

    def open_with(self, route: Route) -> None:
        if isinstance(route, SectionRoute) and route.key in self.pages:
            self.show_list(route.key)
        else:
            super().open_with(route)

    def place(self) -> Route:
        return SectionRoute(next(name for name, page in self._made.items() if page is self.shown))
