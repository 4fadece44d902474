"""Gates, desks and scans."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of, partial_unique


class GateKind(Labelled):
    """What somebody passes. A room's and a hall's lead into that; any other leads into the expo unless it names one."""

    ENTRANCE = N_("入口")
    ROOM = N_("会场")
    HALL = N_("展厅")
    PASSAGE = N_("通道")


class Verdict(Labelled):
    """核验结果. The names are those programs see, in lower case."""

    ADMITTED = N_("通过")
    AGAIN = N_("已签到过")
    UNCONFIRMED = N_("未确认")
    WRONG_TIME = N_("时间不符")
    WRONG_PLACE = N_("地点不符")
    WRONG_CATEGORY = N_("类别不符")
    REVOKED = N_("证件已作废")
    UNKNOWN = N_("查无此证")
    MALFORMED = N_("不是胸卡码")
    FULL = N_("满员")
    CLOSED = N_("未开放")
    OUT = N_("已出场")
    DAMAGED = N_("记录损坏")


class Method(Labelled):
    SCAN = N_("扫码")
    MANUAL = N_("人工")


class Direction(Labelled):
    IN = N_("进")
    OUT = N_("出")


class Ways(Labelled):
    """In which directions a gate or desk scans."""

    IN = N_("进")
    OUT = N_("出")
    BOTH = N_("双向")

    @property
    def has_out(self) -> bool:
        return self is not Ways.IN

    @property
    def has_in(self) -> bool:
        return self is not Ways.OUT


class AtCapacity(Labelled):
    """到数后: what happens at the approved number of a gate or room."""

    WARN = N_("只提醒")
    STOP = N_("停止放行")


class Gate(Base):
    """入口 / 通道: admits its categories (`GateCategory`; none: all) in its hours (`GateHours`; none: all day).

    It leads into a room, a hall or, with neither, the expo as a whole: the place whose people it counts.
    """

    __tablename__ = "gate"
    __table_args__ = (UniqueConstraint("expo_id", "name"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    hall_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("hall.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[GateKind] = mapped_column(kept_by_name(GateKind), default=GateKind.ENTRANCE)
    follows_programme: Mapped[bool] = mapped_column(default=True)
    """Of a room's: open only around what happens in it, `lead_minutes` before the start until the end."""
    lead_minutes: Mapped[int] = mapped_column(default=30)
    is_default: Mapped[bool] = mapped_column(default=False)
    ways: Mapped[Ways] = mapped_column(kept_by_name(Ways), default=Ways.IN)
    approved_headcount: Mapped[int | None]
    """核定人数 of the people who are in by this gate, or of the room or hall it leads into."""
    at_capacity: Mapped[AtCapacity] = mapped_column(kept_by_name(AtCapacity), default=AtCapacity.WARN)
    is_stopped: Mapped[bool] = mapped_column(default=False)
    """停止放行: nobody is let in until somebody lets them in again."""
    stopped_by: Mapped[str] = mapped_column(String(40), default="")
    stopped_at: Mapped[datetime | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    """It has scans and is used no more: they stay, no desk offers it."""


class GateHours(Base):
    """开放时段: when a gate is open on one day, or on every day that has none of its own (`day` None).

    Local times; `closes` not after `opens` means the next day.
    """

    __tablename__ = "gate_hours"

    gate_id: Mapped[uuid.UUID] = mapped_column(part_of("gate.id"), index=True)
    day: Mapped[date | None]
    opens: Mapped[time]
    closes: Mapped[time]


class Desk(Base):
    """签到台: a laptop that works for one gate; `next_no`–`last_no` is its reserved block of badge numbers."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("expo_id", "name"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    gate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gate.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    ways: Mapped[Ways | None] = mapped_column(kept_by_name(Ways))
    """In which directions it scans; None: as its gate says."""


class CheckIn(Base):
    """签到: one scan, refused ones too. Its id is made by the desk, so a repeated upload is harmless.

    One admission per attendee, gate and local day: the partial unique index arbitrates.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        partial_unique(
            "uq_check_in_admitted",
            *("attendee_id", "gate_id", "local_day"),
            where="verdict = 'ADMITTED' AND undone_at IS NULL",
        ),
        Index("ix_check_in_gate_day", "gate_id", "local_day", "at"),
        Index("ix_check_in_desk_at", "desk_id", "at"),
        Index("ix_check_in_expo_day_verdict", "expo_id", "local_day", "verdict"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"))
    gate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gate.id"))
    desk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("desk.id"))
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    badge_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("badge.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    local_day: Mapped[date]
    verdict: Mapped[Verdict] = mapped_column(kept_by_name(Verdict))
    direction: Mapped[Direction] = mapped_column(kept_by_name(Direction), default=Direction.IN)
    method: Mapped[Method] = mapped_column(kept_by_name(Method), default=Method.SCAN)
    raw: Mapped[str] = mapped_column(String(256), default="")
    """What the reader sent, cut at 256 characters, control characters replaced."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    operator: Mapped[str] = mapped_column(String(40), default="")
    undone_at: Mapped[datetime | None]
    """Set when the desk took the scan back (F6); the row stays."""


class Presence(Base):
    """Whether somebody is inside a place on one local day: the last direction scanned at any of its gates.

    `place_id` is that of the room, the hall or the expo. There is a row for whoever was let in.
    """

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("attendee_id", "place_id", "day"), {"info": {"title": N_("在场")}})

    place_id: Mapped[uuid.UUID]
    attendee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    day: Mapped[date]
    is_inside: Mapped[bool]
    at: Mapped[datetime]
    """When that last changed."""
    first_at: Mapped[datetime | None]
    """The earliest moment of that day at which one of its gates admitted the person, which counts as their visit."""


class DeskCount(Base):
    """How many a desk saw come into its gate's place, and go, in a quarter of an hour: each writes its own rows alone.

    Somebody who is inside already does not come, somebody who is not does not go: come − gone is who is inside.
    """

    __tablename__ = "desk_quarter"
    __table_args__ = (
        UniqueConstraint("desk_id", "gate_id", "day", "quarter"),
        Index("ix_desk_quarter_place_day", "place_id", "day"),
        {"info": {"title": N_("在场")}},
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    place_id: Mapped[uuid.UUID]
    gate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gate.id", ondelete="CASCADE"), index=True)
    desk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    day: Mapped[date]
    quarter: Mapped[int]
    """Of the moment of scanning, in quarters of an hour since the epoch (`store.quarters`)."""
    come: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    firsts: Mapped[int] = mapped_column(default=0)
    """People whose earliest admission of the day at the place this was (`Presence.first_at`)."""


class DeskSignal(Base):
    """When a desk last said that it is there: every half minute while it is open."""

    __tablename__ = "desk_signal"

    desk_id: Mapped[uuid.UUID] = mapped_column(part_of("desk.id"), unique=True)
    at: Mapped[datetime]
