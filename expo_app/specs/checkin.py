"""Columns of gates, desks and scans."""

from functools import partial

from sqlalchemy import ColumnElement, FromClause, case, select

from expo_app.i18n import N_
from expo_app.model import Attendee, CheckIn, Desk, Gate, Organisation, Person, Room
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec, read_name, search_of

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


GATES = RecordSpec(
    name="gates",
    model=Gate,
    title=N_("入口与通道"),
    key=(("name",),),
    order=("name",),
    icon="door",
    fields=(
        Field("name", N_("名称"), 16, show="bold", read=read_gate),
        Field("kind", N_("类型"), 8, readonly=True, in_form=False),
        Field("room_id", N_("会场"), 12, ref="rooms", readonly=True, in_form=False),
        Field("is_default", N_("默认"), 6, readonly=True, in_form=False),
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
