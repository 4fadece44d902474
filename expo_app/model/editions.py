"""What is kept of whole editions: their key figures, what was published, what exhibitors and visitors said."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of


class Qualifier(Labelled):
    """How a reported number is meant."""

    ABOUT = N_("约")
    OVER = N_("超过")
    NEARLY = N_("近")


class Edition(Base):
    """往届: an edition known by its key figures alone; it is no expo and holds no records.

    `expo_id` is set where it says what was reported of an expo of this file.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("name", "edition_no"),)

    name: Mapped[str] = mapped_column(String(120))
    edition_no: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    venue: Mapped[str] = mapped_column(String(120), default="")
    theme: Mapped[str] = mapped_column(String(200), default="")
    expo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("expo.id", ondelete="SET NULL"), index=True)
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)

    figures: Mapped[list["EditionFigure"]] = relationship(cascade="all, delete-orphan")


class EditionFigure(Base):
    """One key figure of an edition, as reported. A cumulative one counts from the first edition: never its own."""

    __tablename__ = "edition_figure"
    __table_args__ = (UniqueConstraint("edition_id", "figure", "is_cumulative"),)

    edition_id: Mapped[uuid.UUID] = mapped_column(part_of("edition.id"), index=True)
    figure: Mapped[str] = mapped_column(String(24))
    """The name of a figure of `services.statistics`: exhibitors, visits, signed_amount …"""
    value: Mapped[Decimal]
    """A count, square metres, or yuan."""
    qualifier: Mapped[Qualifier | None] = mapped_column(kept_by_name(Qualifier))
    is_cumulative: Mapped[bool] = mapped_column(default=False)


class PressVersion(Base):
    """核定的发布口径: what was published, of which moment, and who approved it. It never changes."""

    __tablename__ = "press_version"
    __table_args__ = (UniqueConstraint("expo_id", "version_no"), {"info": {"title": N_("发布口径")}})

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    version_no: Mapped[int]
    moment: Mapped[datetime]
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(40), default="")

    figures: Mapped[list["PressFigure"]] = relationship(cascade="all, delete-orphan", order_by="PressFigure.position")


class PressFigure(Base):
    """One number of a published version with its definition and the records it was counted from."""

    __tablename__ = "press_figure"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    version_id: Mapped[uuid.UUID] = mapped_column(part_of("press_version.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(24))
    value: Mapped[int | None]
    amount: Mapped[Decimal | None]
    words: Mapped[str] = mapped_column(String(400), default="")
    """The definition, as it was said."""
    moment_words: Mapped[str] = mapped_column(String(200), default="")
    """Which moment it is of, as it was said."""
    origin: Mapped[str] = mapped_column(String(24), default="")
    spec: Mapped[str] = mapped_column(String(40), default="")
    """The list its records are of."""
    records: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """Their keys, 16 bytes each."""


class SurveyAudience(Labelled):
    EXHIBITORS = N_("参展商")
    VISITORS = N_("观众")


class Survey(Base):
    """满意度调查: how many sheets were sent, came back, could be used, and say satisfied."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("expo_id", "audience", "title"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    audience: Mapped[SurveyAudience] = mapped_column(kept_by_name(SurveyAudience), default=SurveyAudience.EXHIBITORS)
    title: Mapped[str] = mapped_column(String(120))
    handed_out_on: Mapped[date | None]
    collected_on: Mapped[date | None]
    sent: Mapped[int | None]
    returned: Mapped[int | None]
    valid: Mapped[int | None]
    satisfied: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
