"""Columns of 展会."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from expo_app.i18n import N_, _
from expo_app.model import Expo, ExpoOrganiser, OrganiserRole
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.fields import Field
from expo_app.specs.organisations import check_names, names_in
from expo_app.specs.records import NamedBy, RecordSpec, own_name, read_name

ORGANISERS = {
    "hosts": OrganiserRole.HOST, "co_hosts": OrganiserRole.CO_HOST, "organizers": OrganiserRole.ORGANIZER,
    "co_organizers": OrganiserRole.CO_ORGANIZER, "supporters": OrganiserRole.SUPPORTER,
}  # fmt: skip
"""Fields that hold names of organisations joined by 、, by their part in the expo."""


def organisers(role: OrganiserRole, named: NamedBy = own_name) -> ColumnElement[str]:
    """Names of the organisations in this role, in order, joined by 、."""
    return names_in(ExpoOrganiser.__table__, "expo_id", Expo.__table__, role, named)


def _organisers_field(name: str, role: OrganiserRole) -> Field:
    return Field(
        name, role.value, 40, select=lambda: organisers(role), read=lambda: organisers(role, read_name),
        check=check_names, in_table=False,
        group=N_("组织单位"), hint=N_("几家用顿号隔开") if role is OrganiserRole.HOST else "",
    )  # fmt: skip


def check_code(code: str) -> str:
    """The prefix of an expo's numbers as it is; ValueError with a sentence if it is none."""
    if not re.fullmatch(r"[A-Z0-9]{2,10}", code):
        raise ValueError(_("编号前缀用 2–10 位大写字母或数字，如 KJH18。"))
    return code


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """An expo does not end before it begins."""
    begin, end = values.get("starts_on"), values.get("ends_on")
    return {"ends_on": _("结束日期不能早于开始日期。")} if begin and end and end < begin else {}


EXPOS = RecordSpec(
    name="expos",
    model=Expo,
    title=N_("展会"),
    key=(("code",), ("name",)),
    scope="",
    order=("-starts_on",),
    icon="calendar-event",
    contradictions=contradictions,
    fields=(
        Field("name", N_("展会名称"), 32, show="bold"),
        Field("code", N_("编号前缀"), 10, check=check_code, capitals=True, hint=N_("印在证件号前，如 KJH18")),
        Field("edition_no", N_("届次"), 6),
        Field("starts_on", N_("开始日期"), 12),
        Field("ends_on", N_("结束日期"), 12),
        Field("venue_id", N_("展馆"), 24, ref="venues", creates=True),
        Field("short_name", N_("简称"), 10, in_table=False),
        Field("name_en", N_("英文名称"), 40, in_table=False),
        Field("theme", N_("主题"), 30, in_table=False),
        Field("time_zone", N_("时区"), 16, in_table=False),
        Field("rehearsal_at", N_("演练时钟"), 16, in_table=False, hint=N_("设定后本展会按此时刻走时；留空用真实时间")),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
        *(_organisers_field(name, role) for name, role in ORGANISERS.items()),
    ),
)
