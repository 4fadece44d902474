"""What a roadshow leaves: experts' scores and comments, and the interest of investors and companies."""

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of


class InterestLevel(Labelled):
    STRONG = N_("强烈")
    REAL = N_("愿洽谈")
    CURIOUS = N_("想了解")


class ScoreCriterion(Base):
    """评分项 of a roadshow: its most points and its weight among the others."""

    __tablename__ = "score_criterion"
    __table_args__ = (
        UniqueConstraint("item_id", "name"),
        CheckConstraint("maximum > 0", name="maximum"),
        CheckConstraint("weight > 0", name="weight"),
    )

    item_id: Mapped[uuid.UUID] = mapped_column(part_of("programme_item.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    maximum: Mapped[int] = mapped_column(default=100)
    weight: Mapped[int] = mapped_column(default=1)
    is_sample: Mapped[bool] = mapped_column(default=False)


class PitchScore(Base):
    """The points an expert gave a pitch by one criterion."""

    __tablename__ = "pitch_score"
    __table_args__ = (UniqueConstraint("pitch_id", "criterion_id", "expert"),)

    pitch_id: Mapped[uuid.UUID] = mapped_column(part_of("pitch.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(part_of("score_criterion.id"), index=True)
    expert: Mapped[str] = mapped_column(String(60))
    points: Mapped[Decimal]
    """At most two decimals."""
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class PitchComment(Base):
    """What an expert said of a pitch."""

    __tablename__ = "pitch_comment"
    __table_args__ = (UniqueConstraint("pitch_id", "expert"),)

    pitch_id: Mapped[uuid.UUID] = mapped_column(part_of("pitch.id"), index=True)
    expert: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class Interest(Base):
    """意向: who is interested in a pitch, how much, within what range (yuan), and what comes next.

    It becomes a task (`Task.interest_id`) and a draft deal (`deal_id`); an interest whose deal is deleted stays.
    """

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("expo_id", "interest_no"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    interest_no: Mapped[str] = mapped_column(String(20))
    pitch_id: Mapped[uuid.UUID] = mapped_column(part_of("pitch.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendee.id", ondelete="SET NULL"), index=True)
    """Whose badge was scanned."""
    contact: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    level: Mapped[InterestLevel] = mapped_column(kept_by_name(InterestLevel), default=InterestLevel.REAL)
    amount_from: Mapped[Decimal | None]
    amount_to: Mapped[Decimal | None]
    next_step: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(40), default="")
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")
