"""Whether the operator may do a thing; every service that writes or reveals asks here."""

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Role
from expo_app.rules import access
from expo_app.store.database import Database


def require(db: Database, permission: str) -> None:
    """Raise UserError unless the operator's role holds `permission` (`rules.access`)."""
    require_role(db.actor.role, permission)


def require_role(role: Role, permission: str) -> None:
    """The same for a role: a supervisor who lends a word to somebody else's desk."""
    if not access.allowed(role, permission):
        raise UserError(
            _("{role}没有这项权限，数据未变。请换管理员或相应角色操作。").format(role=role.label), "E-ACCESS"
        )
