"""Legal bodies: they live across expos."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name


class OrganisationKind(Labelled):
    ENTERPRISE = N_("企业")
    UNIVERSITY = N_("高等院校")
    RESEARCH = N_("科研院所")
    SERVICE = N_("技术服务机构")
    GOVERNMENT = N_("政府机关")
    INVESTOR = N_("投资机构")
    PARK = N_("园区运营")
    ALLIANCE = N_("联盟 / 共同体")
    MEDIA = N_("媒体")
    OTHER = N_("其他")


class Industry(Labelled):
    IT = N_("信息技术")
    ENERGY = N_("新能源")
    MFG = N_("高端制造")
    HEALTH = N_("健康医疗")
    OTHER = N_("其他行业")


class Organisation(Base):
    """单位. `credit_code` is the 统一社会信用代码 (GB 32100), `region_code` the six digits of GB/T 2260, of a foreign
    one the two letters of ISO 3166-1."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[OrganisationKind] = mapped_column(kept_by_name(OrganisationKind), default=OrganisationKind.ENTERPRISE)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    industry: Mapped[Industry | None] = mapped_column(kept_by_name(Industry))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(6), default="")
    """邮编: six digits."""
    website: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(600), default="")
    """Name, pinyin and initials in lower case, written with every save."""
