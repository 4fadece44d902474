"""供需对接: its lists of demands, of who offers services, and of what matchmaking is set up with."""

from __future__ import annotations

from expo_app.areas.registration import NAMES, Area, Found, ListEntry, Offer, SectionDef
from expo_app.i18n import N_
from expo_app.model import DemandState
from expo_app.services import matching_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import DEMANDS, PROVIDERS, SERVICE_ITEMS
from expo_app.specs.list_look import ListLook

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
    DemandState.PERFORMING: "ok", DemandState.FAILED: "warn",
}  # fmt: skip
AREA = Area(
    "matching",
    lists=(
        DEMAND_LIST,
        ListEntry(
            PROVIDERS,
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
    ),
    pills=PILLS,
)
