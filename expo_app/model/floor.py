"""Venue, halls, zones, booths, and the rooms for forums. Positions are metres on the hall plan."""

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of


class BoothState(Labelled):
    FREE = N_("空闲")
    HELD = N_("预留")
    CONFIRMED = N_("已确认")


class FeatureKind(Labelled):
    """What else stands on a plan besides booths."""

    AREA = N_("区域")
    ENTRANCE = N_("入口")


class Venue(Base):
    """展馆: lives across expos."""

    __tablename__ = "venue"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    walk_minutes: Mapped[int] = mapped_column(default=10)
    """Minutes to walk between two rooms."""
    is_sample: Mapped[bool] = mapped_column(default=False)


class Hall(Base):
    """展厅 (1 号馆): where booths stand; width and depth in metres."""

    __tablename__ = "hall"
    __table_args__ = (UniqueConstraint("venue_id", "name"),)

    venue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    width: Mapped[float] = mapped_column(default=100.0)
    depth: Mapped[float] = mapped_column(default=80.0)
    approved_headcount: Mapped[int | None]
    """核定人数: how many may be inside at once; admission stops there."""
    position: Mapped[int] = mapped_column(default=0)


class HallFeature(Base):
    """A named rectangle on the plan that is no booth: entrance, room, service point."""

    __tablename__ = "hall_feature"
    __table_args__ = {"info": {"title": N_("展厅设施")}}  # noqa: RUF012

    hall_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hall.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FeatureKind] = mapped_column(kept_by_name(FeatureKind), default=FeatureKind.AREA)
    label: Mapped[str] = mapped_column(String(60))
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    depth: Mapped[float]


class Zone(Base):
    """展区 (A · 综合展区): a group of booths in a hall, for one expo."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("expo_id", "code"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    hall_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hall.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)


class Booth(Base):
    """展位: `area` in square metres; free, held or confirmed; one main exhibitor at a time."""

    __tablename__ = "booth"
    __table_args__ = (UniqueConstraint("expo_id", "number"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    zone_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("zone.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    kind_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("word.id"), index=True)
    area: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal("9"))
    state: Mapped[BoothState] = mapped_column(kept_by_name(BoothState), default=BoothState.FREE)
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)
    width: Mapped[float] = mapped_column(default=3.0)
    depth: Mapped[float] = mapped_column(default=3.0)
    is_paid: Mapped[bool | None]
    """Whether it is paid for; None: nobody said."""
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")


class BoothMove(Base):
    """History of who stood where: one row per assignment or vacating."""

    __tablename__ = "booth_move"

    booth_id: Mapped[uuid.UUID] = mapped_column(part_of("booth.id"), index=True)
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(part_of("exhibitor.id"), index=True)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")


class Room(Base):
    """会场 (C 会场): where forums and roadshows take place; `equipment` is free tags."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue_id", "name"),)

    venue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(String(40), default="")
    seats: Mapped[int] = mapped_column(default=100)
    approved_headcount: Mapped[int | None]
    """核定人数; a gate of the room says what happens there."""
    changeover_minutes: Mapped[int] = mapped_column(default=15)
    position: Mapped[int] = mapped_column(default=0)
