"""合作园区: parks of two regions, their tenants, what is reported of them, granted to them and held in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from expo_app.areas.registration import LANDING, Area, Found, ListEntry, Offer, PageDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import SharingEventState, SupportKind, SupportState, TenantState
from expo_app.routes.parks import TenantRoute
from expo_app.services import parks_reviews, tenant_rules, tenant_stays
from expo_app.services.past_days import none_to_come
from expo_app.services.record_rules import Rules
from expo_app.specs import PARK_FIGURES, PARKS, SHARING_EVENTS, TENANT_FIGURES, TENANT_SUPPORTS, TENANTS
from expo_app.specs.list_look import ListLook
from expo_app.specs.parks import REPORTED_PAST
from expo_app.specs.tenants import FIGURES_PAST, GRANTED_PAST, PAST
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

PAGE = "parks"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.parks import ParksPage

    return ParksPage(context)


def _tenant(context: Context) -> Page:
    from expo_app.ui.pages.parks.tenant import TenantView

    return TenantView(context)


def _report(writing: Writing) -> None:
    from expo_app.reports import park
    from expo_app.services import park_report

    writing.report(partial(park_report.read, part=writing.part), park.write, park.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str = "") -> object:
    from expo_app.services import park_report

    return park_report.as_json(db, expo_id, now, part)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import park_report

    return park_report.parts_of(db, expo_id)


PARK_LIST = ListEntry(
    PARKS,
    command_at=188,
    look=ListLook(N_("园区"), N_("共 {n} 个"), N_("园区名称、运营单位、拼音首字母")),
    found=Found(67, ("name", "research_region"), ("operators",), few=True),
    new=Offer(88, N_("新增园区")),
    imported=Offer(88, N_("导入园区")),
)
PILLS = {
    TenantState.VISITED: "mute", TenantState.INTENDED: "info", TenantState.SIGNED: "plum", TenantState.MOVED_IN: "info",
    TenantState.INCUBATED: "info", TenantState.LANDED: "ok", TenantState.GRADUATED: "ok", TenantState.LEFT: "warn",
    SupportKind.RESEARCH: "info", SupportKind.RENT: "plum", SupportKind.TALENT: "ok", SupportKind.UNIVERSITY: "info",
    SupportState.AGREED: "mute", SupportState.RUNNING: "info", SupportState.PAID: "ok", SupportState.ENDED: "mute",
    SharingEventState.PLANNED: "info", SharingEventState.OPEN: "info", SharingEventState.WAITING: "warn",
    SharingEventState.HELD: "ok",
}  # fmt: skip
OF_TENANT = Rules(before=(tenant_rules.link_tenants,), reviews=(parks_reviews.tenants_are_there,))
AREA = Area(
    "parks",
    lists=(
        PARK_LIST,
        ListEntry(
            TENANTS,
            Rules(
                before=(none_to_come(*PAST), tenant_rules.judge_steps, tenant_stays.number_stays),
                after=(tenant_rules.take_steps,),
                agree=(tenant_stays.agree,),
                stands=(tenant_stays.agree,),
                reviews=(parks_reviews.steps_can_be,),
            ),
            command_at=189,
            look=ListLook(N_("入驻企业"), N_("共 {n} 家"), N_("企业、领域、说明、拼音首字母")),
            page=PAGE,
            found=Found(68, ("organisation_id", "park_id"), ("summary", "tech_field"), route=TenantRoute),
            new=Offer(89, N_("新增入驻企业")),
            imported=Offer(89, N_("导入入驻企业")),
        ),
        ListEntry(
            PARK_FIGURES,
            Rules(before=(none_to_come(*REPORTED_PAST), tenant_rules.split_said)),
            command_at=190,
            look=ListLook(N_("园区报道数"), N_("共 {n} 条")),
            page=PAGE,
        ),
        ListEntry(
            TENANT_FIGURES,
            Rules(
                before=(
                    none_to_come(*FIGURES_PAST),
                    tenant_rules.link_tenants,
                    tenant_rules.not_before_first_contact,
                    tenant_rules.filled,
                ),
                reviews=OF_TENANT.reviews,
            ),
            command_at=191,
            look=ListLook(N_("分期数据"), N_("共 {n} 条"), N_("企业、园区")),
            page=PAGE,
            imported=Offer(90, N_("导入入驻企业分期数据")),
        ),
        ListEntry(
            TENANT_SUPPORTS,
            Rules(before=(none_to_come(*GRANTED_PAST), *OF_TENANT.before), reviews=OF_TENANT.reviews),
            command_at=192,
            look=ListLook(N_("政策支持"), N_("共 {n} 项"), N_("企业、园区、内容")),
            page=PAGE,
            imported=Offer(91, N_("导入政策支持")),
        ),
        ListEntry(
            SHARING_EVENTS,
            Rules(before=(tenant_rules.of_one_body, tenant_rules.held_has_come), reviews=(parks_reviews.of_one_body,)),
            command_at=193,
            look=ListLook(N_("活动"), N_("共 {n} 场"), N_("活动、地点、园区、联盟")),
            page=PAGE,
            imported=Offer(92, N_("导入园区与联盟活动")),
        ),
    ),
    pages=(
        PageDef(PAGE, PARKS.title, "building-4", _page, LANDING),
        PageDef(TenantRoute.page, TENANTS.title, "building-4", _tenant, inside=PAGE),
    ),
    reports=(
        Document(
            "park",
            N_("合作园区成效报告"),
            N_("园区的转化、数字和来源、具名案例、政策支持和未办结的跟进；Excel 里有火炬口径表。"),
            group=FOR_TRADE,
            at=62,
            formats=("pdf", "docx", "xlsx"),
            shape="chart",
            write=_report,
            command_at=62,
            command=N_("park 合作园区成效报告"),
            as_json=_report_json,
            parts=_parts,
            part_label=N_("合作园区"),
        ),
    ),
    pills=PILLS,
)
