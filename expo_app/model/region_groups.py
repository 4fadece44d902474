"""How an expo groups places."""

import uuid

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.model.base import Base, Texts


class RegionGroup(Base):
    """地区分组: the places that lists, charts and documents of an expo put together; see `rules.region_groups`."""

    __tablename__ = "region_group"
    __table_args__ = (UniqueConstraint("expo_id", "name"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    prefixes: Mapped[list[str]] = mapped_column(Texts)
    """Beginnings of codes of GB/T 2260, letters of countries, or * for all of them."""
    rolls_up: Mapped[str | None] = mapped_column(String(6))
    """Code of the city its places count with."""
