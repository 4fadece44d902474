"""What is shown: results, products and services."""

import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Texts, kept_by_name


class IpStatus(Labelled):
    NONE = N_("未涉及")
    APPLIED = N_("已申请")
    GRANTED = N_("已授权")
    SECRET = N_("技术秘密")

    @property
    def also(self) -> tuple[str, ...]:
        """What lists call it too."""
        return _IP_ALSO.get(self.name, ())


_IP_ALSO = {
    "NONE": ("无知识产权",),
    "APPLIED": ("申请中", "专利申请中", "发明申请中", "发明专利申请中", "已受理", "受理", "实审", "实质审查", "Pending",
                "Patent pending"),
    "GRANTED": ("授权", "专利", "发明", "发明专利", "实用新型", "实用新型专利", "外观设计", "已授权专利",
                "已授权发明专利", "已授权实用新型", "软件著作权", "软著", "Granted", "Patent granted", "Patented"),
    "SECRET": ("专有技术", "商业秘密", "Know-how"),
}  # fmt: skip


class TransferWay(Labelled):
    TRANSFER = N_("可转让")
    LICENCE = N_("可许可")
    COOPERATION = N_("寻合作")
    INVESTMENT = N_("寻投资")
    SHOW_ONLY = N_("仅展示")

    @property
    def also(self) -> tuple[str, ...]:
        """What lists call it too."""
        return _ALSO[self.name]


_ALSO = {
    "TRANSFER": ("转让", "技术转让", "专利权转让", "专利转让"),
    "LICENCE": ("许可", "技术许可", "实施许可", "专利许可", "许可使用", "License", "Licence", "Licensing"),
    "COOPERATION": ("合作", "合作开发", "技术合作", "联合开发", "合作转化", "委托开发", "技术开发", "技术服务",
                    "定制开发"),
    "INVESTMENT": ("作价投资", "作价入股", "技术入股", "股权融资", "融资", "投资"), "SHOW_ONLY": ("展示", "仅展览"),
}  # fmt: skip


class Achievement(Base):
    """科技成果 / 展品. `trl` is the maturity level 1–9 (GB/T 22900); `asking_price` in yuan."""

    __tablename__ = "achievement"
    __table_args__ = (
        UniqueConstraint("expo_id", "owner_id", "title"),
        CheckConstraint("trl IS NULL OR (trl >= 1 AND trl <= 9)", name="trl"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("word.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    field: Mapped[str] = mapped_column(String(60), default="")
    trl: Mapped[int | None]
    ip_status: Mapped[IpStatus | None] = mapped_column(kept_by_name(IpStatus))
    patent_no: Mapped[str] = mapped_column(String(40), default="")
    transfer_ways: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Names of `TransferWay`."""
    asking_price: Mapped[Decimal | None]
    keywords: Mapped[str] = mapped_column(String(300), default="")
    indicators: Mapped[str] = mapped_column(String(2000), default="")
    summary: Mapped[str] = mapped_column(String(10_000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")
