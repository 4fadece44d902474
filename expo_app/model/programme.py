"""The programme: items in rooms, their speakers, agenda and pitches."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Names, Texts, kept_by_name, part_of


class ItemState(Labelled):
    DRAFT = N_("待确认")
    CONFIRMED = N_("已确认")
    CANCELLED = N_("已取消")


class SpeakerRole(Labelled):
    SPEAKER = N_("演讲")
    MODERATOR = N_("主持")
    PANELIST = N_("对话嘉宾")
    GUEST = N_("出席嘉宾")


class ProgrammeItem(Base):
    """活动. Without room or start it lies in the tray (待排); `minutes` is kept there too. A title may recur (茶歇)."""

    __tablename__ = "programme_item"

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"), index=True)
    kind_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("word.id"), index=True)
    state: Mapped[ItemState] = mapped_column(kept_by_name(ItemState), default=ItemState.CONFIRMED)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(240), default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=90)
    host: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[int | None]
    registrations: Mapped[int] = mapped_column(default=0)
    is_locked: Mapped[bool] = mapped_column(default=False)
    equipment: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    summary: Mapped[str] = mapped_column(String(2000), default="")
    waivers: Mapped[dict[str, str] | None] = mapped_column(Names(none_as_null=True))
    """Warnings waived, by the clash's key: the reason given."""
    published: Mapped[dict[str, str | None] | None] = mapped_column(Names(none_as_null=True))
    """Room, start and end as last published; None: never published."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")

    speakers: Mapped[list["Speaker"]] = relationship(cascade="all, delete-orphan", order_by="Speaker.position")
    agenda: Mapped[list["AgendaEntry"]] = relationship(cascade="all, delete-orphan", order_by="AgendaEntry.position")
    pitches: Mapped[list["Pitch"]] = relationship(cascade="all, delete-orphan", order_by="Pitch.position")


class Speaker(Base):
    """嘉宾 / 主持: a person's part in an item."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("item_id", "person_id"), {"info": {"title": N_("嘉宾")}})

    item_id: Mapped[uuid.UUID] = mapped_column(part_of("programme_item.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[SpeakerRole] = mapped_column(kept_by_name(SpeakerRole), default=SpeakerRole.SPEAKER)
    topic: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)


class AgendaEntry(Base):
    """One line of an item's agenda; times within the item."""

    __tablename__ = "agenda_entry"

    item_id: Mapped[uuid.UUID] = mapped_column(part_of("programme_item.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(200))
    is_sample: Mapped[bool] = mapped_column(default=False)


class Pitch(Base):
    """路演项目: a result presented in a roadshow, what the experts said and who showed interest."""

    __tablename__ = "pitch"
    __table_args__ = (UniqueConstraint("item_id", "achievement_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(part_of("programme_item.id"), index=True)
    achievement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("achievement.id"), index=True)
    presenter: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    comments: Mapped[str] = mapped_column(String(2000), default="")
    score: Mapped[int | None]
    """0–100, the experts' mean as it was reported; what experts gave one by one (`PitchScore`) goes before it."""
    interest: Mapped[str] = mapped_column(String(500), default="")
    """Investors and companies that showed interest, in words, where nobody recorded them one by one (`Interest`)."""
    minutes: Mapped[int | None]
    """How long it may speak."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    """It was announced and is not pitched: it is in no order and no count, what was recorded of it stays."""
    is_sample: Mapped[bool] = mapped_column(default=False)
