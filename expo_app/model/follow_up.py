"""What is to be done after somebody shook hands: tasks on deals, interest and exhibitors; complaints."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of


class TaskState(Labelled):
    OPEN = N_("待办")
    DONE = N_("已办")
    DROPPED = N_("不办了")


class Task(Base):
    """跟进任务: who does what by when, for a deal, an exhibitor, a pitch's interest, a tenant, an alliance or none."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("expo_id", "task_no"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    task_no: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    deal_id: Mapped[uuid.UUID | None] = mapped_column(part_of("deal.id"), index=True)
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(part_of("exhibitor.id"), index=True)
    pitch_id: Mapped[uuid.UUID | None] = mapped_column(part_of("pitch.id"), index=True)
    interest_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("interest.id", ondelete="SET NULL"), index=True)
    """The interest in the pitch that it came of."""
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    """The meeting it came of."""
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(part_of("tenant.id"), index=True)
    alliance_id: Mapped[uuid.UUID | None] = mapped_column(part_of("alliance.id"), index=True)
    assignee: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(kept_by_name(TaskState), default=TaskState.OPEN)
    done_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(40), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class ComplaintKind(Labelled):
    """What the organiser's complaint body and dispute desk deal with (上海市会展业条例 art. 37, 38)."""

    INTELLECTUAL_PROPERTY = N_("知识产权")
    CONTRACT = N_("合同")
    QUALITY = N_("产品质量")
    SERVICE = N_("展会服务")
    SAFETY = N_("安全")
    OTHER = N_("其他")


class ComplaintState(Labelled):
    OPEN = N_("处理中")
    SETTLED = N_("已办结")
    WITHDRAWN = N_("已撤回")
    FORWARDED = N_("已移送")


class Complaint(Base):
    """投诉与纠纷: who complained of what, the measure taken and the result."""

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("expo_id", "complaint_no"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    complaint_no: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    kind: Mapped[ComplaintKind] = mapped_column(kept_by_name(ComplaintKind), default=ComplaintKind.OTHER)
    complainant: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    """Whom it is about, where that is an exhibitor."""
    subject: Mapped[str] = mapped_column(String(1000))
    measure: Mapped[str] = mapped_column(String(500), default="")
    """Covered, taken down, right to exhibit lost …"""
    result: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[ComplaintState] = mapped_column(kept_by_name(ComplaintState), default=ComplaintState.OPEN)
    handler: Mapped[str] = mapped_column(String(60), default="")
    closed_on: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(1200), default="")
