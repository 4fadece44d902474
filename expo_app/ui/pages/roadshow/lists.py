"""路演记录: interests, scores, comments and criteria, one of the four lists in front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expo_app.i18n import N_
from expo_app.specs import INTERESTS, PITCH_COMMENTS, SCORE_CRITERIA, SCORES
from expo_app.ui.records import state_colours
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists

LISTS = (
    ("interests", N_("意向")), ("scores", N_("评分")), ("pitch_comments", N_("点评")), ("score_criteria", N_("评分项")),
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
