"""联盟与共同体: bodies of many organisations, their members, joint platforms, and agreements of equals."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from expo_app.areas.registration import LANDING, Area, Found, ListEntry, Offer, PageDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import AllianceKind, MemberRole, PlatformState
from expo_app.services import alliances_rules
from expo_app.services.past_days import none_to_come
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import AGREEMENTS, ALLIANCES, MEMBERS, ORGANISATIONS, PLATFORMS
from expo_app.specs.alliances import FOUNDED, REACHED, SIGNED
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

PAGE = "alliances"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.alliances import AlliancesPage

    return AlliancesPage(context)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import alliance_report

    return alliance_report.parts(db, expo_id)


def _report(writing: Writing) -> None:
    from expo_app.reports import alliances
    from expo_app.services import alliance_report

    read = partial(alliance_report.read, day=writing.day, part=writing.part)
    writing.report(read, alliances.write, alliances.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime, day: date, part: str = "") -> object:
    from expo_app.services import alliance_report

    return alliance_report.as_json(db, expo_id, now, day, part)


def _certificates(writing: Writing) -> None:
    from expo_app.reports import certificate
    from expo_app.services import alliance_report

    writing.report(partial(alliance_report.certificates, day=writing.day, part=writing.part), certificate.write)


PILLS = {
    MemberRole.FOUNDER: "plum", MemberRole.COUNCIL: "info", MemberRole.MEMBER: "ok", MemberRole.OBSERVER: "mute",
    PlatformState.PLANNED: "mute", PlatformState.AGREED: "info", PlatformState.BUILDING: "info",
    PlatformState.RUNNING: "ok",
    AllianceKind.ALLIANCE: "info", AllianceKind.COMMUNITY: "plum", AllianceKind.CIRCLE: "ok",
}  # fmt: skip
AREA = Area(
    "alliances",
    lists=(
        ListEntry(
            ALLIANCES,
            Rules(before=(none_to_come(*FOUNDED),)),
            command_at=194,
            command=N_("alliances 联盟与共同体"),
            look=ListLook(N_("联盟"), N_("共 {n} 个"), N_("名称、秘书处、拼音首字母")),
            found=Found(69, ("name", "kind"), ("secretariat",)),
            new=Offer(93),
            imported=Offer(93),
        ),
        ListEntry(
            MEMBERS,
            Rules(
                before=(alliances_rules.number_members, alliances_rules.one_role_at_a_time),
                reviews=(alliances_rules.roles_apart, alliances_rules.numbers_apart),
                agree=(alliances_rules.roles_agree,),
                stands=(alliances_rules.roles_agree,),
            ),
            page=PAGE,
            command_at=195,
            command=N_("members 联盟成员"),
            look=ListLook(N_("联盟成员"), N_("共 {n} 条"), N_("单位、拼音首字母")),
            new=Offer(94),
            imported=Offer(94),
        ),
        ListEntry(
            PLATFORMS,
            Rules(before=(none_to_come(*REACHED), alliances_rules.dated_steps)),
            page=PAGE,
            command_at=196,
            command=N_("platforms 共建平台"),
            look=ListLook(N_("共建平台"), N_("共 {n} 个"), N_("平台、联盟、牵头单位")),
            found=Found(70, ("title", "alliance_id"), ("kind",)),
            imported=Offer(95),
        ),
        ListEntry(
            AGREEMENTS,
            Rules(
                before=(none_to_come(*SIGNED), alliances_rules.as_the_deal_says),
                after=(alliances_rules.beside_agreements,),
                reviews=(alliances_rules.deals_speak,),
            ),
            page=PAGE,
            command_at=197,
            command=N_("agreements 合作协议"),
            look=ListLook(N_("合作协议"), N_("共 {n} 份协议"), N_("协议、签约方、拼音首字母")),
            found=Found(71, ("title", "signed"), ("place",)),
            new=Offer(96),
            imported=Offer(96),
        ),
    ),
    adds=((ORGANISATIONS, Rules(folding=Folding(before=(alliances_rules.roles_do_not_meet,)))),),
    pages=(PageDef(PAGE, N_("联盟与共同体"), "team", _page, LANDING),),
    reports=(
        Document(
            "alliance",
            N_("联盟年度报告"),
            N_("成员的角色和地区、当年变动、共建平台、协议、活动、跟进和成员名册；可以只要一个联盟。"),
            group=FOR_TRADE,
            at=64,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_report,
            command_at=64,
            command=N_("alliance 联盟年度报告"),
            as_json=_report_json,
            of_day=True,
            parts=_parts,
            part_label=N_("联盟与共同体"),
        ),
        Document(
            "certificate",
            N_("成员证"),
            N_("在册成员一家一页，中英文；只要几家的，在成员名单里勾选后打。"),
            group=FOR_TRADE,
            at=65,
            formats=("pdf",),
            shape="cards",
            write=_certificates,
            command_at=65,
            command=N_("certificate 成员证"),
            of_day=True,
            parts=_parts,
            part_label=N_("联盟与共同体"),
        ),
    ),
    pills=PILLS,
)
