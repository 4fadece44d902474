"""Who may do what: one table of roles and permissions."""

from collections.abc import Mapping
from types import MappingProxyType

from expo_app.model import Role

_A, _S, _R, _D, _T, _U = Role.ADMIN, Role.SUPERVISOR, Role.REGISTRAR, Role.DESK, Role.DEALS, Role.AUDITOR

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "exhibitors.edit": frozenset({_A, _S, _R}),
        "attendees.edit": frozenset({_A, _S, _R, _D}),
        "badges.issue": frozenset({_A, _S, _R, _D}),
        "badges.revoke": frozenset({_A, _S, _R, _D}),
        "checkin.scan": frozenset({_A, _S, _R, _D}),
        "checkin.override": frozenset({_A, _S}),
        "checkin.clear": frozenset({_A, _S}),
        "deals.edit": frozenset({_A, _S, _T}),
        "deals.confirm": frozenset({_A, _S, _T}),
        "contracts.edit": frozenset({_A, _S, _T}),
        "tasks.edit": frozenset({_A, _S, _R, _T}),
        "complaints.edit": frozenset({_A, _S, _R}),
        "editions.edit": frozenset({_A, _S}),
        "press.approve": frozenset({_A, _S}),
        "auction.edit": frozenset({_A, _S, _T}),
        "auction.run": frozenset({_A, _S, _T}),
        "auction.reserve": frozenset({_A, _S}),
        "auction.settle": frozenset({_A, _S, _T}),
        "matching.edit": frozenset({_A, _S, _R, _T}),
        "matching.plan": frozenset({_A, _S, _R}),
        "matching.desk": frozenset({_A, _S, _R, _D, _T}),
        "matching.grid": frozenset({_A}),
        "roadshow.record": frozenset({_A, _S, _R, _D, _T}),
        "vouchers.policy": frozenset({_A, _S}),
        "vouchers.edit": frozenset({_A, _S, _R, _T}),
        "vouchers.check": frozenset({_A, _S, _T}),
        "vouchers.settle": frozenset({_A, _S}),
        "parks.edit": frozenset({_A, _S, _T}),
        "parks.money": frozenset({_A, _S, _T, _U}),
        "alliances.edit": frozenset({_A, _S, _R, _T}),
        "programme.edit": frozenset({_A, _S, _R}),
        "programme.publish": frozenset({_A, _S}),
        "floor.edit": frozenset({_A, _S, _R}),
        "settings.edit": frozenset({_A}),
        "operators.edit": frozenset({_A}),
        "data.import": frozenset({_A, _S, _R, _T}),
        "data.export": frozenset({_A, _S, _R, _T, _U}),
        "data.reveal": frozenset({_A, _S}),
        "audit.read": frozenset({_A, _S, _U}),
        "backup.run": frozenset({_A, _S, _R, _T}),
        "restore.run": frozenset({_A}),
    }
)
"""The roles each permission belongs to: what a verb writes or hands out. Looking at lists, personal data and the
money of a park's tenants (`parks.money`) masked, is everyone's.
"""

PIN_ROLES = frozenset({_A, _S})
"""Roles that are entered with a PIN; the others choose their name."""


def allowed(role: Role, permission: str) -> bool:
    """Whether `role` holds `permission`. KeyError for a permission that is not in the table: that is a bug."""
    return role in PERMISSIONS[permission]


def permissions_of(role: Role) -> frozenset[str]:
    """Everything a role may do."""
    return frozenset(permission for permission, roles in PERMISSIONS.items() if role in roles)
