"""Columns of gates, desks and scans."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, case, cast, func, select

from expo_app.i18n import N_, _
from expo_app.model import (
    Attendee,
    Category,
    CheckIn,
    Desk,
    Gate,
    GateCategory,
    GateHours,
    GateKind,
    Organisation,
    Person,
    Room,
)
from expo_app.rules.verdict import Hours
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType, read_date
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, own_name, read_name, search_of

_scan, _gate = CheckIn.__table__, Gate.__table__


def _of_attendee(column: ColumnElement[str]) -> ColumnElement[str]:
    attendee, person, organisation = Attendee.__table__, Person.__table__, Organisation.__table__
    source = attendee.join(person, person.c.id == attendee.c.person_id).outerjoin(
        organisation, organisation.c.id == attendee.c.organisation_id
    )
    return select(column).select_from(source).where(attendee.c.id == _scan.c.attendee_id).scalar_subquery()


def read_gate(of: FromClause = _gate) -> ColumnElement[str]:
    """The name of the gate of a scan or desk as it is read: that of its room, as long as it is named after it."""
    gate, room = _gate.alias("gate_read"), Room.__table__.alias("room_read")
    name = case((gate.c.name == room.c.name, read_name(room)), else_=gate.c.name)
    source = gate.outerjoin(room, room.c.id == gate.c.room_id)
    key = of.c.id if of is _gate else of.c.gate_id
    return select(name).select_from(source).where(gate.c.id == key).correlate(of).scalar_subquery()


def leads_into_expo(gate: FromClause = _gate) -> ColumnElement[bool]:
    """Whether a gate leads into the expo as a whole, so that whoever passes it has come."""
    inner = (GateKind.ROOM, GateKind.HALL)
    return and_(gate.c.kind.not_in(inner), gate.c.room_id.is_(None), gate.c.hall_id.is_(None))


def hours_text() -> ColumnElement[str]:
    """When a gate is open, as `read_hours` reads it: 08:30–16:30、2026-05-22 08:30–15:00."""
    hours = GateHours.__table__
    day = case((hours.c.day.is_(None), ""), else_=cast(hours.c.day, String) + " ")
    opens, closes = (func.substr(cast(column, String), 1, 5) for column in (hours.c.opens, hours.c.closes))
    said = (day + opens + "–" + closes).label("said")
    inner = select(said).where(hours.c.gate_id == _gate.c.id).order_by(hours.c.day.is_not(None), hours.c.day, said)
    listed = inner.correlate(_gate).subquery()
    return select(func.aggregate_strings(listed.c.said, "、")).scalar_subquery()


def desk_count() -> ColumnElement[int]:
    """How many desks work for the gate."""
    desk = Desk.__table__
    return select(func.count()).select_from(desk).where(desk.c.gate_id == _gate.c.id).correlate(_gate).scalar_subquery()


CLOCK = r"(\d{1,2})[:：](\d{2})"
SPAN = re.compile(rf"(?:(\S+)\s+)?{CLOCK}\s*[–—\-~～至]+\s*{CLOCK}")


def read_hours(text: str) -> tuple[Hours, ...]:
    """The opening hours a text means, apart by 、; or new lines; a day in front says that they are of that day. Raises
    ValueError with a sentence.
    """
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[、；;,，\n]", text))):
        match = SPAN.fullmatch(part)
        if match is None:
            raise ValueError(_("“{text}”不是开放时段，应如 08:30–16:30。").format(text=part))
        day, *clock = match.groups()
        opens, closes = _clock(clock[0], clock[1], part), _clock(clock[2], clock[3], part)
        found.append(Hours(opens, closes, read_date(day) if day else None))
    return tuple(found)


def _clock(hour: str, minute: str, part: str) -> time:
    """24:00 is the midnight a day ends with."""
    if (hour, minute) == ("24", "00"):
        return time.min
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(_("“{text}”不是开放时段，应如 08:30–16:30。").format(text=part))
    return time(int(hour), int(minute))


def said_hours(hours: Hours) -> str:
    """As `hours_text` says it."""
    day = f"{hours.day.isoformat()} " if isinstance(hours.day, date) else ""
    return f"{day}{hours.opens:%H:%M}–{hours.closes:%H:%M}"


def _tidy_hours(text: str) -> str:
    ordered = sorted(read_hours(text), key=lambda h: (h.day is not None, h.day or date.min, h.opens, h.closes))
    return "、".join(said_hours(hours) for hours in ordered)


def category_names(named: NamedBy = own_name) -> ColumnElement[str]:
    """The categories that pass a gate, in the expo's order, joined by 、; none where all of them do."""
    category, pairing = Category.__table__, GateCategory.__table__
    listed = (
        select(named(category).label("name"))
        .select_from(pairing.join(category, category.c.id == pairing.c.category_id))
        .where(pairing.c.gate_id == _gate.c.id)
        .order_by(category.c.position, category.c.id)
        .correlate(_gate)
        .subquery()
    )
    return select(func.aggregate_strings(listed.c.name, "、")).scalar_subquery()


def gate_problems(values: Mapping[str, Any], facts: ExpoFacts | None) -> dict[str, str]:
    """A gate leads into one place, and into that of its kind."""
    known = {name: values.get(name) for name in ("kind", "room_id", "hall_id")}
    if known["room_id"] and known["hall_id"]:
        return {"hall_id": _("只能通往一个地方：会场和展厅只填一个。")}
    if known["kind"] is GateKind.HALL and "hall_id" in values and not known["hall_id"]:
        return {"hall_id": _("类型是展厅，要写明是哪个展厅。")}
    if known["kind"] is GateKind.ROOM and "room_id" in values and not known["room_id"]:
        return {"room_id": _("类型是会场，要写明是哪个会场。")}
    return {}


PLACE, OPEN, CROWD = N_("通往"), N_("开放"), N_("人数")
GATES = RecordSpec(
    name="gates",
    model=Gate,
    title=N_("入口与通道"),
    key=(("name",),),
    order=("name",),
    icon="door",
    contradictions=gate_problems,
    fields=(
        Field("name", N_("名称"), 16, show="bold", read=read_gate),
        Field("kind", N_("类型"), 8),
        Field("ways", N_("方向"), 8, hint=N_("双向才算得出在场人数")),
        Field("room_id", N_("会场"), 12, ref="rooms", group=PLACE, hint=N_("不填会场和展厅，就是通往全馆")),
        Field("hall_id", N_("展厅"), 12, ref="halls", group=PLACE),
        Field(
            "hours",
            N_("开放时段"),
            22,
            select=hours_text,
            check=_tidy_hours,
            group=OPEN,
            hint=N_("如 08:30–16:30；某一天不同就在前面写日期；不填是全天"),
        ),
        Field("follows_programme", N_("跟日程走"), 8, group=OPEN, hint=N_("会场没写时段时：活动前开，结束后关")),
        Field("lead_minutes", N_("提前"), 8, unit=N_("分钟"), most=600, in_table=False, group=OPEN),
        Field(
            "categories",
            N_("允许类别"),
            24,
            select=category_names,
            read=partial(category_names, read_name),
            ref="categories",
            hint=N_("不选就是全部证件"),
        ),
        Field("approved_headcount", N_("核定人数"), 8, least=1, most=1_000_000, group=CROWD, hint=N_("90% 起提醒")),
        Field("at_capacity", N_("到数后"), 8, group=CROWD, hint=N_("主管口令可放行")),
        Field("desks", N_("签到台"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, select=desk_count),
        Field("is_default", N_("默认"), 6, readonly=True, in_form=False),
        Field("is_stopped", N_("停止放行"), 8, readonly=True, in_form=False),
        Field("is_hidden", N_("已隐藏"), 6, in_form=False),
    ),
)

DESKS = RecordSpec(
    name="desks",
    model=Desk,
    title=N_("签到台"),
    key=(("name",),),
    order=("name",),
    icon="computer",
    fields=(
        Field("name", N_("名称"), 16, show="bold"),
        Field("gate_id", N_("入口与通道"), 16, ref="gates", read=partial(read_gate, Desk.__table__)),
        Field("ways", N_("方向"), 8, hint=N_("不选就随入口")),
    ),
)

CHECKINS: RecordSpec = RecordSpec(
    name="checkins",
    model=CheckIn,
    title=N_("签到记录"),
    key=(("at", "raw"),),
    order=("-at",),
    search=lambda: search_of(_of_attendee(Person.__table__.c.search_text), _of_attendee(Attendee.__table__.c.badge_no)),
    chips=("verdict",),
    icon="qr-scan-2",
    permission="checkin.scan",
    fields=(
        Field("at", N_("时间"), 16, readonly=True),
        Field(
            "name",
            N_("姓名"),
            12,
            readonly=True,
            select=lambda: _of_attendee(Person.__table__.c.name),
            read=lambda: _of_attendee(read_name(Person.__table__)),
            show="bold",
        ),
        Field("badge_no", N_("证件号"), 16, readonly=True, select=lambda: _of_attendee(Attendee.__table__.c.badge_no)),
        Field(
            "organisation",
            N_("单位"),
            28,
            readonly=True,
            select=lambda: _of_attendee(Organisation.__table__.c.name),
            read=lambda: _of_attendee(read_name(Organisation.__table__)),
        ),
        Field("verdict", N_("结果"), 10, readonly=True, show="pill"),
        Field("gate_id", N_("入口与通道"), 12, ref="gates", readonly=True, read=partial(read_gate, _scan)),
        Field("desk_id", N_("签到台"), 12, ref="desks", readonly=True),
        Field("method", N_("方式"), 8, readonly=True),
        Field("direction", N_("进出"), 6, readonly=True, in_table=False),
        Field("operator", N_("操作员"), 10, readonly=True),
        Field("reason", N_("原因"), 24, readonly=True, in_table=False),
        Field("undone_at", N_("撤销时间"), 16, readonly=True, in_table=False),
    ),
)
