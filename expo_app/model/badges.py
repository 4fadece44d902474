"""Printed cards with a QR code."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_
from expo_app.model.base import Base, partial_unique


class Badge(Base):
    """胸卡: `code` is E1 + 26 characters of Base32; at most one badge per attendee is not revoked."""

    __tablename__ = "badge"
    __table_args__ = (
        partial_unique("uq_badge_active", "attendee_id", where="revoked_at IS NULL"),
        {"info": {"title": N_("胸卡")}},
    )

    attendee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(28), unique=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(40), default="")
    printed_at: Mapped[datetime | None]
    print_count: Mapped[int] = mapped_column(default=0)
    handed_over_at: Mapped[datetime | None]
    """After this a reprint is refused: only a reissue, which revokes this code."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(40), default="")
    revoke_reason: Mapped[str] = mapped_column(String(200), default="")
