"""名单: tenants of all parks, the parks and all that is recorded of both, as the ground's lists with all columns."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from expo_app.i18n import N_, _
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.specs import PARK_FIGURES, PARKS, SHARING_EVENTS, TENANT_FIGURES, TENANT_SUPPORTS, TENANTS
from expo_app.ui.kit.buttons import Button
from expo_app.ui.parts.list_face import InFace, ListsFace


class TenantList(InFace):
    spec = TENANTS
    noun, counted = N_("入驻企业"), N_("共 {n} 家")
    placeholder = N_("企业、领域、说明、拼音首字母")
    also_shows = ("tenant_step",)

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        go = partial(self.context.navigate, TenantRoute(record_id))
        return [Button(_("打开企业页"), "primary", "arrow-right-line", clicked=go)]


class ParkList(InFace):
    spec = PARKS
    noun, counted = N_("园区"), N_("共 {n} 个")
    placeholder = N_("园区名称、运营单位、拼音首字母")

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        go = partial(self.context.navigate, ParksRoute(record_id))
        return [Button(_("看转化"), "primary", "arrow-right-line", clicked=go)]


class FigureList(InFace):
    spec = PARK_FIGURES
    noun, counted = N_("园区报道数"), N_("共 {n} 条")


class DatedList(InFace):
    spec = TENANT_FIGURES
    noun, counted = N_("分期数据"), N_("共 {n} 条")
    placeholder = N_("企业、园区")


class SupportList(InFace):
    spec = TENANT_SUPPORTS
    noun, counted = N_("政策支持"), N_("共 {n} 项")
    placeholder = N_("企业、园区、内容")


class EventList(InFace):
    """Events of parks, and of alliances with them: both are recorded by who may edit parks."""

    spec = SHARING_EVENTS
    noun, counted = N_("活动"), N_("共 {n} 场")
    placeholder = N_("活动、地点、园区、联盟")


class TenantsFace(ListsFace):
    lists: ClassVar[Mapping[str, tuple[str, type[InFace]]]] = {
        TENANTS.name: (N_("企业"), TenantList),
        PARKS.name: (N_("园区"), ParkList),
        PARK_FIGURES.name: (N_("报道数"), FigureList),
        TENANT_FIGURES.name: (N_("分期数据"), DatedList),
        TENANT_SUPPORTS.name: (N_("政策支持"), SupportList),
        SHARING_EVENTS.name: (N_("活动"), EventList),
    }
