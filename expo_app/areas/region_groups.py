"""地区分组."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import GROUNDS, Area, ListEntry, SectionDef
from expo_app.i18n import N_
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import region_groups, region_groups_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import REGION_GROUPS

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.settings.region_groups import RegionGroupsList

    return RegionGroupsList(context)


AREA = Area(
    "region_groups",
    lists=(
        ListEntry(
            REGION_GROUPS,
            Rules(
                before=(region_groups_rules.placed_last, region_groups_rules.in_one_group),
                reviews=(region_groups_rules.reviewed,),
            ),
            command_at=130,
            command=N_("region-groups 地区分组"),
            section=SectionDef(0, N_("地区分组"), "map-2-line", GROUNDS, _page, inside="words"),
        ),
    ),
    copies=region_groups.copy_groups,
    steps=(
        FirstStep(
            33,
            "region_groups",
            N_("分地区"),
            N_("按省、按市，或自己的分组"),
            N_("去分"),
            ListRoute(REGION_GROUPS),
            optional=True,
            lacking=N_("没有地区分组：名单和图表里的地区按省列出。"),
            at_start=False,
        ),
    ),
)
