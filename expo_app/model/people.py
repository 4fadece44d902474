"""Natural persons, and their registration for one expo."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Days, Texts, kept_by_name


class AttendeeState(Labelled):
    REGISTERED = N_("待确认")
    CONFIRMED = N_("已确认")
    CANCELLED = N_("已取消")


class AttendeeSource(Labelled):
    IMPORT = N_("导入")
    MANUAL = N_("录入")
    WALK_IN = N_("现场")


class Person(Base):
    """人员: lives across expos."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name_phone", "name", "phone"),)

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str | None] = mapped_column(String(32), index=True)
    """As `rules.phones` keeps it: +8613800000067, +862159571234;ext=8012."""
    email: Mapped[str | None] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(60), default="")
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    aliases: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Other spellings of the name, of records that were merged into this one."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(400), default="")
    """Name, pinyin, initials, last four digits and mark of the phone."""


class Attendee(Base):
    """参会人员: a person registered for one expo in a category.

    `valid_days` lists ISO dates; None means every day. Organisation and title are those of the time.
    """

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("expo_id", "badge_no"), Index("ix_attendee_expo_person", "expo_id", "person_id"))

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("category.id"), index=True)
    state: Mapped[AttendeeState] = mapped_column(kept_by_name(AttendeeState), default=AttendeeState.REGISTERED)
    source: Mapped[AttendeeSource] = mapped_column(kept_by_name(AttendeeSource), default=AttendeeSource.MANUAL)
    badge_no: Mapped[str] = mapped_column(String(20))
    """Printed under the QR code: EX26-V-03132."""
    valid_days: Mapped[list[str] | None] = mapped_column(Days(none_as_null=True))
    registered_at: Mapped[datetime]
    consent_at: Mapped[datetime | None]
    """When the person agreed to the privacy notice; None: left out of everything handed to third parties (PIPL)."""
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
