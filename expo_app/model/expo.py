"""One holding of the expo, and who organises it."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.damaged import readable
from expo_app.i18n import N_, Labelled
from expo_app.model.base import USUAL_ZONE, Base, ZoneName, kept_by_name, part_of, read_zone
from expo_app.model.region_groups import RegionGroup


class OrganiserRole(Labelled):
    HOST = N_("主办")
    CO_HOST = N_("联合举办")
    ORGANIZER = N_("承办")
    CO_ORGANIZER = N_("协办")
    SUPPORTER = N_("支持")


class Expo(Base):
    """One edition (届次). `rehearsal_at` is set only where a rehearsal clock replaces the real one."""

    __tablename__ = "expo"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    name: Mapped[str] = mapped_column(String(120), unique=True)
    short_name: Mapped[str] = mapped_column(String(20), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    edition_no: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    """Prefix of printed numbers, e.g. EX26."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    time_zone: Mapped[str] = mapped_column(ZoneName(40), default=USUAL_ZONE)
    theme: Mapped[str] = mapped_column(String(200), default="")
    theme_en: Mapped[str] = mapped_column(String(200), default="")
    net_area: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    """Square metres as the organiser declares them, with what is given away; the booths' sum is counted apart."""
    paid_area: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    gross_area: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    """With aisles, without catering, offices and storage (UFI)."""
    filing_no: Mapped[str] = mapped_column(String(60), default="")
    filed_on: Mapped[date | None]
    permit_no: Mapped[str] = mapped_column(String(60), default="")
    approved_headcount: Mapped[int | None]
    """核定人数: how many may be inside at once (大型群众性活动安全管理条例 art. 18); admission stops there."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    rehearsal_at: Mapped[datetime | None]
    is_published: Mapped[bool] = mapped_column(default=False)
    """What runs when and where has been published."""
    arrives_by_scan: Mapped[bool] = mapped_column(default=True)
    """The first of an exhibitor's people who is let in marks it as arrived."""

    submit_days: Mapped[int | None]
    """Days after signing by which technology contracts are to be handed in to the office; None: nobody said."""
    counts_guests: Mapped[bool] = mapped_column(default=False)
    """Guests and speakers whom an entrance admits are visitors (FKM's alternative rule); the usual rule is not."""
    directory_limit: Mapped[int] = mapped_column(default=200)
    """Characters that a text of an exhibitor's directory entry may have."""

    organisers: Mapped[list["ExpoOrganiser"]] = relationship(
        cascade="all, delete-orphan", order_by="ExpoOrganiser.position"
    )

    region_groups: Mapped[list[RegionGroup]] = relationship(order_by="RegionGroup.position", viewonly=True)

    @property
    def homes(self) -> tuple[str, ...]:
        """Code prefixes of the places in China that its groups name: what a name of several places means here."""
        return tuple(
            prefix for group in self.region_groups for prefix in readable(group.prefixes, ()) if prefix.isdigit()
        )

    @property
    def zone_info(self) -> ZoneInfo:
        return read_zone(self.time_zone)

    @property
    def days(self) -> list[date]:
        """Every day of the expo, first to last."""
        return [self.starts_on + timedelta(n) for n in range((self.ends_on - self.starts_on).days + 1)]

    def local_day(self, at: datetime) -> date:
        """The local calendar day of a moment."""
        return at.astimezone(self.zone_info).date()


class HasDay(Protocol):
    def local_day(self, at: datetime) -> date: ...


def today_of(expo: HasDay | None, now: datetime) -> date:
    """Today by the expo that is open; without one where the program is used, the same at every desk."""
    return expo.local_day(now) if expo is not None else now.astimezone(ZoneInfo(USUAL_ZONE)).date()


class ExpoVenue(Base):
    """A venue an expo is held in, `position` 0 the first named."""

    __tablename__ = "expo_venue"
    __table_args__ = (UniqueConstraint("expo_id", "venue_id"), {"info": {"title": N_("展会")}})

    expo_id: Mapped[uuid.UUID] = mapped_column(part_of("expo.id"), index=True)
    venue_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("venue.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)


class ExpoOrganiser(Base):
    """An organisation's part in holding an expo (主办, 承办, …)."""

    __tablename__ = "expo_organiser"
    __table_args__ = (UniqueConstraint("expo_id", "organisation_id", "role"), {"info": {"title": N_("主办单位")}})

    expo_id: Mapped[uuid.UUID] = mapped_column(part_of("expo.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[OrganiserRole] = mapped_column(kept_by_name(OrganiserRole))
    position: Mapped[int] = mapped_column(default=0)
