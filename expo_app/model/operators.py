"""Who works with the program."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name


class Role(Labelled):
    ADMIN = N_("管理员")
    SUPERVISOR = N_("现场主管")
    REGISTRAR = N_("登记员")
    DESK = N_("签到志愿者")
    DEALS = N_("成交登记员")
    AUDITOR = N_("审计")


class Operator(Base):
    """操作员. Admin and supervisor carry an argon2 PIN hash; the others choose their name."""

    __tablename__ = "operator"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[Role] = mapped_column(kept_by_name(Role), default=Role.DESK)
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
