"""Gates, desks and scans."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, partial_unique


class GateKind(Labelled):
    ENTRANCE = N_("入口")
    ROOM = N_("会场")


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


class Method(Labelled):
    SCAN = N_("扫码")
    MANUAL = N_("人工")


class Direction(Labelled):
    IN = N_("进")
    OUT = N_("出")


class Gate(Base):
    """入口 / 通道: admits its categories (`GateCategory`; none: all) between two local times (None: all day)."""

    __tablename__ = "gate"
    __table_args__ = (UniqueConstraint("expo_id", "name"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[GateKind] = mapped_column(kept_by_name(GateKind), default=GateKind.ENTRANCE)
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    is_default: Mapped[bool] = mapped_column(default=False)


class Desk(Base):
    """签到台: a laptop that works for one gate; `next_no`–`last_no` is its reserved block of badge numbers."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("expo_id", "name"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    gate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gate.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))


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
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
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
