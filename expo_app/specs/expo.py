"""Columns of 展会."""

import re
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from expo_app.i18n import N_, _
from expo_app.model import Expo, ExpoOrganiser, ExpoVenue, OrganiserRole, Venue
from expo_app.rules.parties import split_parties
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import not_longer
from expo_app.specs.fields import Field
from expo_app.specs.names import listed_names
from expo_app.specs.organisations import check_names, names_in
from expo_app.specs.records import NamedBy, RecordSpec, own_name, read_name

AREAS, PERMITS = N_("展览面积（主办方申报）"), N_("备案与许可")
"""Groups of the form."""
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
        check=check_names, split=split_parties, in_table=False,
        group=N_("组织单位"), hint=N_("几家用顿号隔开") if role is OrganiserRole.HOST else "",
    )  # fmt: skip


def _declared(name: str, label: str, hint: str = "") -> Field:
    return Field(name, label, 12, unit="㎡", in_table=False, group=AREAS, hint=hint)


def venues_of(expo_id: Any) -> Select[uuid.UUID]:
    """Keys of an expo's venues, the first named first; `expo_id` is a key or a column."""
    part = ExpoVenue.__table__
    return select(part.c.venue_id).where(part.c.expo_id == expo_id).order_by(part.c.position, part.c.id)


def venue_names(named: NamedBy = own_name) -> ColumnElement[str]:
    """Names of an expo's venues in order, joined by 、."""
    part, venue, expo = ExpoVenue.__table__, Venue.__table__, Expo.__table__
    listed = (
        select(named(venue).label("name"))
        .select_from(part.join(venue, venue.c.id == part.c.venue_id))
        .where(part.c.expo_id == expo.c.id)
        .order_by(part.c.position, part.c.id)
        .correlate(expo)
        .subquery()
    )
    return select(func.aggregate_strings(listed.c.name, "、")).scalar_subquery()


def check_venues(text: str) -> str:
    """Venues' names as they are; ValueError with a sentence if one is too long to be kept."""
    for name in listed_names(text):
        not_longer(name, Venue.__table__.c.name.type.length)  # type: ignore[attr-defined]
    return text


def check_code(code: str) -> str:
    """The prefix of an expo's numbers as it is; ValueError with a sentence if it is none."""
    if not re.fullmatch(r"[A-Z0-9]{2,10}", code):
        raise ValueError(_("编号前缀用 2–10 位大写字母或数字，如 EX26。"))
    return code


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """An expo does not end before it begins, and what is paid for is part of the net area, that of the gross."""
    begin, end = values.get("starts_on"), values.get("ends_on")
    found = {"ends_on": _("结束日期不能早于开始日期。")} if begin and end and end < begin else {}
    net, paid, gross = (values.get(name) for name in ("net_area", "paid_area", "gross_area"))
    if net is not None and paid is not None and paid > net:
        found["paid_area"] = _("有偿面积是净面积的一部分，不能比它大。")
    if net is not None and gross is not None and net > gross:
        found["gross_area"] = _("毛面积含通道，不能比净面积小。")
    return found


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
        Field("code", N_("编号前缀"), 10, check=check_code, capitals=True, hint=N_("印在证件号前，如 EX26")),
        Field("edition_no", N_("届次"), 6),
        Field("short_name", N_("简称"), 10, in_table=False),
        Field("starts_on", N_("开始日期"), 12),
        Field("ends_on", N_("结束日期"), 12),
        Field("time_zone", N_("时区"), 16, in_table=False),
        Field(
            "venues",
            N_("展馆"),
            24,
            ref="venues",
            creates=True,
            select=venue_names,
            read=partial(venue_names, read_name),
            check=check_venues,
            hint=N_("几个用顿号隔开"),
        ),
        Field("name_en", N_("英文名称"), 40, in_table=False),
        Field("theme", N_("主题"), 30, in_table=False),
        Field("theme_en", N_("英文主题"), 40, in_table=False),
        Field(
            "arrives_by_scan",
            N_("扫码即到场"),
            10,
            in_table=False,
            hint=N_("参展商的人第一次扫码入场，就记这家参展商到场"),
        ),
        Field(
            "directory_limit",
            N_("会刊文字上限"),
            10,
            in_table=False,
            unit=N_("字"),
            least=20,
            hint=N_("会刊里每段文字最多印这么多字"),
        ),
        Field(
            "counts_guests",
            N_("嘉宾计入观众"),
            10,
            in_table=False,
            hint=N_("入口放行的嘉宾和演讲人算不算观众；通常不算，报告里会写明"),
        ),
        Field("rehearsal_at", N_("演练时钟"), 16, in_table=False, hint=N_("设定后本展会按此时刻走时；留空用真实时间")),
        _declared("net_area", N_("净面积（合同，含免费）"), N_("对外公布的数，与展位合计分开写")),
        _declared("paid_area", N_("其中有偿面积")),
        _declared("gross_area", N_("毛面积"), N_("含通道，不含餐饮、办公和仓储")),
        Field(
            "submit_days",
            N_("技术合同提交期限"),
            8,
            in_table=False,
            unit=N_("天"),
            least=1,
            most=365,
            group=PERMITS,
            hint=N_("签订后几天内把技术合同交去登记，由主办方定；不填就不提醒"),
        ),
        Field("filing_no", N_("备案号"), 20, in_table=False, group=PERMITS, hint=N_("在商务主管部门备案的编号")),
        Field("filed_on", N_("备案日期"), 12, in_table=False, group=PERMITS),
        Field("permit_no", N_("许可文号"), 20, in_table=False, group=PERMITS, hint=N_("公安机关的大型活动许可")),
        Field(
            "approved_headcount",
            N_("核定人数"),
            10,
            in_table=False,
            group=PERMITS,
            unit=N_("人"),
            least=1,
            hint=N_("同时在场的上限"),
        ),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
        *(_organisers_field(name, role) for name, role in ORGANISERS.items()),
    ),
)
