"""Legal bodies: they live across expos."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.model.base import Base, Texts


class Organisation(Base):
    """单位. `credit_code` is the 统一社会信用代码 (GB 32100), `region_code` the six digits of GB/T 2260, of a foreign
    one the two letters of ISO 3166-1."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(40), default="")
    kind_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("word.id"), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    industry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("word.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(6), default="")
    """邮编: six digits."""
    website: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(2000), default="")
    aliases: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Other names it goes by in lists: former ones, spellings somebody said are the same."""
    nature: Mapped[str] = mapped_column(String(40), default="")
    """性质, as the registration of technology contracts asks for it; with what follows entered once and used again."""
    legal_representative: Mapped[str] = mapped_column(String(60), default="")
    scale: Mapped[str] = mapped_column(String(20), default="")
    is_in_high_tech_zone: Mapped[bool | None]
    is_listed: Mapped[bool | None]
    is_transfer_body: Mapped[bool | None]
    is_research_body: Mapped[bool | None]
    is_converted_institute: Mapped[bool | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(600), default="")
    """Name, pinyin and initials in lower case, written with every save."""
