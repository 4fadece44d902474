"""双创券 → 政策: what each region's policies say, version by version, whom they list and who is related to whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.specs import LISTED_PROVIDERS, POLICIES, RELATED_BODIES
from expo_app.ui.kit.filters import Toggle
from expo_app.ui.pages.vouchers.policy_panel import policy_notices
from expo_app.ui.pages.vouchers.use_panel import sample_pill
from expo_app.ui.parts.list_face import InFace, ListsFace
from expo_app.ui.records import state_colours


class PolicyList(InFace):
    spec = POLICIES
    noun, counted = N_("用券办法"), N_("共 {n} 版")
    placeholder = N_("地区、办法名称、出处")
    columns = (
        "region_code", "title", "version_no", "valid_from", "valid_until", "rate", "way", "cap_per_use", "cap_per_year",
        "budget",
    )  # fmt: skip
    stretch = "title"
    gives_way = ("cap_per_use", "version_no", "valid_from")
    also_shows = ("policy_class", "voucher_pot", "voucher", "voucher_use", "listed_provider")

    def filters(self) -> list[Toggle]:
        return [Toggle("valid", _("现行"), self._is_valid)]

    def _is_valid(self, row: Sequence[Any]) -> bool:
        today = self.context.today()
        start, end = self.value(row, "valid_from"), self.value(row, "valid_until")
        return bool(start and start <= today and (end is None or today <= end))

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        way = values["way"]
        pills = [(way.label, state_colours.pill(way))] if way is not None else []
        version = _("第 {n} 版").format(n=values["version_no"])
        region = self.words(self.spec.field("region_code"), values["region_code"])
        return values["title"], f"{region} · {version}", [*pills, *sample_pill(values)]

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return policy_notices(self, record_id)


class ListedList(InFace):
    spec = LISTED_PROVIDERS
    noun, counted = N_("名录"), N_("共 {n} 条")
    placeholder = N_("机构、出处")
    stretch = "provider"


class RelatedList(InFace):
    spec = RELATED_BODIES
    noun, counted = N_("关联关系"), N_("共 {n} 条")
    placeholder = N_("单位、拼音首字母")
    stretch = "one_id"


class PoliciesFace(ListsFace):
    """Three lists: policies, who is listed, who is related."""

    is_switch_above = True
    lists = MappingProxyType(
        {
            POLICIES.name: (N_("办法"), PolicyList),
            LISTED_PROVIDERS.name: (N_("名录"), ListedList),
            RELATED_BODIES.name: (N_("关联关系"), RelatedList),
        }
    )
