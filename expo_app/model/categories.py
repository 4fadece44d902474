"""Attendee categories (参会类别) of one expo, and which gates they pass."""

import uuid
from datetime import time
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Days, Texts, kept_by_name, part_of
from expo_app.model.words import Colour


class CountsAs(Labelled):
    """计为: what the figures take people of a category for; `rules.counting` says who of them is a visitor."""

    VISITOR = N_("观众")
    TRADE_VISITOR = N_("专业观众")
    EXHIBITOR = N_("参展方")
    STAFF = N_("工作")
    NOBODY = N_("不计")


class Category(Base):
    """One category. `key` is Latin, unique in its expo, what programs see; it never changes.

    `valid_days` lists ISO dates, also of build-up and tear-down, None: every day of the expo. `opens`, `closes`: local
    hours, None: no limit; a closing time not after the opening one is of the next day.
    """

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("expo_id", "key"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    aliases: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    counts_as: Mapped[CountsAs] = mapped_column(kept_by_name(CountsAs))
    letter: Mapped[str] = mapped_column(String(1))
    """The letter in the badge number: EX26-E-00713."""
    colour: Mapped[Colour | None] = mapped_column(kept_by_name(Colour))
    """The band of the badge."""
    valid_days: Mapped[list[str] | None] = mapped_column(Days(none_as_null=True))
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    quota_area: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    """An exhibitor has one pass for so many square metres,"""
    quota_least: Mapped[int | None]
    """and at least so many."""
    quota_each: Mapped[int | None]
    """Any organisation has so many."""
    position: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)


class GateCategory(Base):
    """A category that passes a gate; a gate without any admits all of them."""

    __tablename__ = "gate_category"
    __table_args__ = (UniqueConstraint("gate_id", "category_id"), {"info": {"title": N_("入口与通道")}})

    gate_id: Mapped[uuid.UUID] = mapped_column(part_of("gate.id"), index=True)
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"), index=True)
