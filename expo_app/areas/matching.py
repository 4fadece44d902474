"""供需对接: its lists of demands, of who offers services, and of what matchmaking is set up with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from expo_app.areas.registration import NAMES, ON_THE_SPOT, Area, Found, ListEntry, Offer, SectionDef
from expo_app.i18n import N_
from expo_app.model import DemandState, TimeKind
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import matching_rules, organisations_rules, timetable_acts
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import (
    ACHIEVEMENTS,
    DEMANDS,
    MATCHING_CONSENTS,
    MATCHING_SETTINGS,
    MATCHING_TIMES,
    MEETING_HOURS,
    MEETING_PLACES,
    OFFERS,
    ORGANISATIONS,
    PEOPLE,
    PROVIDERS,
    REGION_POLICIES,
    REPORTED_COUNTS,
    SERVICE_ITEMS,
)
from expo_app.specs.list_look import ListLook
from expo_app.specs.records import RecordSpec

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

SETTINGS = MATCHING_SETTINGS.name
"""The subject of the settings that all of these stand in."""


def _page(context: Context) -> Page:
    from expo_app.ui.pages.matching_settings import MatchingSettingsPage

    return MatchingSettingsPage(context)


def _inside(spec: RecordSpec) -> SectionDef:
    return SectionDef(0, spec.title, f"{spec.icon}-line", ON_THE_SPOT, inside=SETTINGS)


DEMAND_LIST = ListEntry(
    DEMANDS,
    page="achievements",
    command_at=160,
    command=N_("demands 技术需求"),
    look=ListLook(N_("技术需求"), N_("共 {n} 项"), N_("需求、单位、领域、拼音首字母")),
    found=Found(60, ("title", "owner_id"), ("field", "keywords")),
    new=Offer(70, N_("新增技术需求")),
    imported=Offer(70, N_("导入技术需求")),
)
PILLS = {
    DemandState.COLLECTING: "info", DemandState.REVIEW: "plum", DemandState.AWARDED: "ok",
    DemandState.PERFORMING: "ok", DemandState.FAILED: "warn", TimeKind.BUSY: "warn", TimeKind.CLOSED: "bad",
}  # fmt: skip
AREA = Area(
    "matching",
    lists=(
        DEMAND_LIST,
        ListEntry(
            PROVIDERS,
            Rules(before=(organisations_rules.as_provider_says,)),
            command_at=161,
            command=N_("providers 服务机构"),
            look=ListLook(N_("服务机构"), N_("共 {n} 家"), N_("机构名称、类别、拼音首字母")),
            section=SectionDef(35, N_("服务机构"), "service-line", NAMES),
            found=Found(61, ("organisation.name", "kind"), ("qualification",)),
            imported=Offer(71, N_("导入服务机构")),
        ),
        ListEntry(
            SERVICE_ITEMS,
            Rules(before=(matching_rules.link_providers,), reviews=(matching_rules.providers_are_there,)),
            command_at=162,
            command=N_("service-items 服务项目"),
            look=ListLook(N_("服务项目"), N_("共 {n} 项"), N_("项目、机构、领域、拼音首字母")),
            section=SectionDef(36, N_("服务项目"), "price-tag-3-line", NAMES),
            found=Found(62, ("title", "provider"), ("field", "keywords")),
            imported=Offer(72, N_("导入服务项目")),
        ),
        ListEntry(OFFERS, command_at=163, command=N_("offers 供给"), can_import=False, shown_by=ACHIEVEMENTS),
        ListEntry(
            REPORTED_COUNTS,
            command_at=164,
            command=N_("reported-counts 报道数"),
            look=ListLook(N_("报道数"), N_("共 {n} 条"), N_("出处")),
            section=_inside(REPORTED_COUNTS),
        ),
        ListEntry(
            MEETING_PLACES,
            Rules(
                before=(matching_rules.link_exhibitors,),
                after=(timetable_acts.lose_seats,),
                reviews=(matching_rules.exhibitors_are_there,),
            ),
            command_at=165,
            command=N_("meeting-places 洽谈点"),
            look=ListLook(N_("洽谈点"), N_("共 {n} 个"), N_("名称、片区、参展商")),
            section=_inside(MEETING_PLACES),
        ),
        ListEntry(
            MEETING_HOURS,
            Rules(
                before=(matching_rules.no_overlap,),
                after=(timetable_acts.lose_seats,),
                reviews=(matching_rules.hours_apart,),
            ),
            command_at=166,
            command=N_("meeting-hours 洽谈时间"),
            look=ListLook(N_("洽谈时间"), N_("共 {n} 段")),
            section=_inside(MEETING_HOURS),
        ),
        ListEntry(
            MATCHING_TIMES,
            Rules(after=(timetable_acts.lose_seats,)),
            command_at=167,
            command=N_("matching-times 忙与不开放"),
            look=ListLook(N_("忙与不开放"), N_("共 {n} 段"), N_("单位、人员、洽谈点、原因")),
            section=_inside(MATCHING_TIMES),
        ),
        ListEntry(
            MATCHING_CONSENTS,
            Rules(before=(matching_rules.consented_once,)),
            command_at=168,
            command=N_("matching-consents 可被推荐"),
            look=ListLook(N_("可被推荐"), N_("共 {n} 条"), N_("单位、人员")),
            section=_inside(MATCHING_CONSENTS),
        ),
        ListEntry(
            REGION_POLICIES,
            command_at=169,
            command=N_("matching-policies 地区政策"),
            look=ListLook(N_("地区政策"), N_("共 {n} 条"), N_("政策名称、出处")),
            section=_inside(REGION_POLICIES),
        ),
        ListEntry(MATCHING_SETTINGS, can_import=False),
    ),
    adds=(
        (
            ORGANISATIONS,
            Rules(
                folding=Folding(
                    before=(
                        matching_rules.not_solved_by_itself,
                        partial(matching_rules.consents_meet, "organisation_id"),
                    )
                )
            ),
        ),
        (PEOPLE, Rules(folding=Folding(before=(partial(matching_rules.consents_meet, "person_id"),)))),
    ),
    copies=matching_rules.copy_grounds,
    steps=(
        FirstStep(
            50,
            "matching_consents",
            N_("登记可被推荐"),
            N_("谁同意被推荐、联系人给谁看"),
            N_("去登记"),
            ListRoute(MATCHING_CONSENTS),
            optional=True,
            lacking=N_("有技术需求，没有单位同意被推荐：一条建议也不会有。"),
            there=matching_rules.consents_of,
            at_start=False,
        ),
        FirstStep(
            51,
            "meeting_places",
            N_("设洽谈点"),
            N_("桌、洽谈室和展位"),
            N_("去设"),
            ListRoute(MEETING_PLACES),
            optional=True,
            lacking=N_("有技术需求，没有洽谈点：洽谈排不进日程。"),
            there=matching_rules.places_of,
            at_start=False,
        ),
        FirstStep(
            52,
            "meeting_hours",
            N_("写洽谈时间"),
            N_("每天从几点到几点"),
            N_("去写"),
            ListRoute(MEETING_HOURS),
            optional=True,
            lacking=N_("有技术需求，没有洽谈时间：洽谈排不进日程。"),
            there=matching_rules.hours_of,
            at_start=False,
        ),
    ),
    sections=(SectionDef(25, MATCHING_SETTINGS.title, "links-line", ON_THE_SPOT, _page, SETTINGS),),
    pills=PILLS,
)
