"""Lists and time limits of the registration of technology contracts (技术合同认定登记): they belong to the file."""

from datetime import date

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name


class RegistryList(Labelled):
    """A list of the office that a contract chooses from."""

    KIND = N_("合同类别")
    SUBKIND = N_("合同子类")
    TECH_FIELD = N_("技术领域")
    TECH_SUBFIELD = N_("技术领域二级")
    IP_KIND = N_("知识产权")
    SOCIAL_GOAL = N_("社会经济目标")
    NATURE = N_("性质")
    PLAN = N_("计划来源")
    INDUSTRY = N_("国民经济行业")


class RegistryChoice(Base):
    """One choice of such a list that may be chosen for contracts signed from `since` to `until`, both included.

    `parent` is the name of what a second-level choice belongs to. A code that is not known is "".
    """

    __tablename__ = "registry_choice"
    __table_args__ = (
        UniqueConstraint("list", "parent", "name", "since"),
        Index("ix_registry_choice_list_code", "list", "code"),
    )

    list: Mapped[RegistryList] = mapped_column(kept_by_name(RegistryList))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(20), default="")
    parent: Mapped[str] = mapped_column(String(80), default="")
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")


class RegistryDeadline(Base):
    """Days an office of a region has to decide, counted from submission, while a law held.

    `region_code` "" is the whole country; the longest prefix wins.
    """

    __tablename__ = "registry_deadline"
    __table_args__ = (UniqueConstraint("region_code", "since"),)

    region_code: Mapped[str] = mapped_column(String(6), default="")
    since: Mapped[date]
    until: Mapped[date | None]
    days: Mapped[int]
    is_working_days: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")
