"""An organisation's participation in one expo."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name


class ExhibitorState(Labelled):
    """申请 → 审核 → 确认 → 布展 → 到场 → 撤展, or 取消."""

    APPLIED = N_("申请")
    REVIEWED = N_("审核通过")
    CONFIRMED = N_("已确认")
    SETTING_UP = N_("布展中")
    ARRIVED = N_("已到场")
    DISMANTLED = N_("已撤展")
    CANCELLED = N_("已取消")


class ExhibitorKind(Labelled):
    """Service institutions stand beside the exhibitors and are counted apart; represented companies never count."""

    EXHIBITOR = N_("参展商")
    SERVICE = N_("服务机构")
    REPRESENTED = N_("代表企业")


class Exhibitor(Base):
    """参展商. `main_id` is set for a co-exhibitor (联合参展), who stands with the main exhibitor."""

    __tablename__ = "exhibitor"
    __table_args__ = (UniqueConstraint("expo_id", "organisation_id"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    main_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    kind: Mapped[ExhibitorKind] = mapped_column(kept_by_name(ExhibitorKind), default=ExhibitorKind.EXHIBITOR)
    state: Mapped[ExhibitorState] = mapped_column(kept_by_name(ExhibitorState), default=ExhibitorState.APPLIED)
    arrived_at: Mapped[datetime | None]
    brings_own: Mapped[bool | None]
    """自有人员、自有展品: what makes a co-exhibitor one (UFI); None: not said."""
    exhibits: Mapped[str] = mapped_column(String(1000), default="")
    wants: Mapped[str] = mapped_column(String(1000), default="")
    """What the exhibitor seeks: partners, capital, a landing place."""
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    badge_quota: Mapped[int | None]
    """Passes of its staff; None: as the rule of their category says."""
    note: Mapped[str] = mapped_column(String(1000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
