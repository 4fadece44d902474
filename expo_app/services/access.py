"""Whether the operator may do a thing; every service that writes, reveals or hands out asks here."""

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import Role
from expo_app.rules import access
from expo_app.store.database import Database

WHO = N_("这个文件的操作员有 PIN，没有说明谁在操作，数据未变，也没有写出文件。请加 --operator 姓名。")


def require(db: Database, permission: str) -> None:
    """Raise UserError unless the operator's role holds `permission` (`rules.access`)."""
    if not db.actor.is_known:
        raise UserError(_(WHO), "E-WHO")
    require_role(db.actor.role, permission)


def require_role(role: Role, permission: str) -> None:
    """The same for a role: a supervisor who lends a word to somebody else's desk."""
    if not access.allowed(role, permission):
        raise UserError(
            _("{role}没有这项权限，数据未变。请换管理员或相应角色操作。").format(role=role.label), "E-ACCESS"
        )
