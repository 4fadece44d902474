import pytest

from expo_app.model import Role
from expo_app.rules.access import PERMISSIONS, PIN_ROLES, allowed, permissions_of

EVERYTHING = set(PERMISSIONS)
DESK = {"attendees.edit", "badges.issue", "badges.revoke", "checkin.scan", "roadshow.record", "matching.desk"}
REGISTRAR = DESK | {
    "exhibitors.edit", "programme.edit", "floor.edit", "tasks.edit", "complaints.edit",
    "data.import", "data.export", "backup.run", "matching.edit", "matching.plan",
    "vouchers.edit", "alliances.edit",
}  # fmt: skip
DEALS = {
    "deals.edit", "deals.confirm", "contracts.edit", "tasks.edit", "auction.edit", "auction.run", "auction.settle",
    "roadshow.record", "data.import", "data.export", "backup.run", "matching.edit", "matching.desk",
    "vouchers.edit", "vouchers.check", "parks.edit", "parks.money", "alliances.edit",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.ADMIN, EVERYTHING),
        (Role.SUPERVISOR, EVERYTHING - {"settings.edit", "operators.edit", "restore.run", "matching.grid"}),
        (Role.REGISTRAR, REGISTRAR),
        (Role.DESK, DESK),
        (Role.DEALS, DEALS),
        (Role.AUDITOR, {"data.export", "audit.read", "parks.money"}),
    ],
)
def test_what_a_role_may_do(role: Role, permissions: set[str]) -> None:
    assert permissions_of(role) == permissions
    assert {permission for permission in PERMISSIONS if allowed(role, permission)} == permissions


def test_the_auditor_writes_nothing() -> None:
    assert [p for p in permissions_of(Role.AUDITOR) if p.split(".")[1] not in ("read", "export", "money")] == []


def test_whoever_may_reveal_or_overrule_has_a_pin() -> None:
    for permission in (
        "data.reveal",
        "auction.reserve",
        "checkin.override",
        "checkin.clear",
        "settings.edit",
        "operators.edit",
        "editions.edit",
        "press.approve",
        "restore.run",
    ):
        assert PERMISSIONS[permission] - PIN_ROLES == set()


def test_an_unknown_permission_is_a_bug() -> None:
    with pytest.raises(KeyError):
        allowed(Role.ADMIN, "deals.delete")
