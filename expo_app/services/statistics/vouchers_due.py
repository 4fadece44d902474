"""What of vouchers and settlement waits for somebody, in figures of the overview: one statement each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import SettlementStatement, Voucher, VoucherState, VoucherUse
from expo_app.rules import due_days
from expo_app.services.statistics.scope import Scope
from expo_app.services.voucher_uses import FIRST_OR_LAST
from expo_app.specs import STATEMENTS, VOUCHER_USES, VOUCHERS
from expo_app.specs.figures import Figure, Trace

_voucher, _use, _statement = (model.__table__ for model in (Voucher, VoucherUse, SettlementStatement))
USES_UNIT, VOUCHERS_UNIT, STATEMENTS_UNIT = N_("条"), N_("张"), N_("份")


def uses_to_check(session: Session, scope: Scope) -> Figure:
    """Uses that wait for a check, of one level or the other, the first submitted first."""
    waits = _use.c.state.in_(tuple(FIRST_OR_LAST))
    count, first = _found(session, scope, _use, waits, _use.c.use_no, (_use.c.submitted_on, _use.c.use_no))
    return _figure("uses_to_check", _("用券待核验"), count, USES_UNIT, first, Trace(
        VOUCHER_USES.name, _("待核验的用券"), select(_use.c.id).where(_same(scope, _use), waits)
    ))  # fmt: skip


def vouchers_to_approve(session: Session, scope: Scope) -> Figure:
    """Applications that nobody answered, the first one first."""
    waits = _voucher.c.state == VoucherState.APPLIED
    order = (_voucher.c.applied_on, _voucher.c.voucher_no)
    count, first = _found(session, scope, _voucher, waits, _voucher.c.voucher_no, order)
    return _figure("vouchers_to_approve", _("申领待批准"), count, VOUCHERS_UNIT, first, Trace(
        VOUCHERS.name, _("待批准的申领"), select(_voucher.c.id).where(_same(scope, _voucher), waits)
    ))  # fmt: skip


def _is_disputed() -> ColumnElement[bool]:
    return or_(_statement.c.a_dispute != "", _statement.c.b_dispute != "")


def statements_disputed(session: Session, scope: Scope) -> Figure:
    """Statements that a side disputes."""
    return _statements(session, scope, "statements_disputed", _("对账单有异议"), _is_disputed())


def statements_unsigned(session: Session, scope: Scope) -> Figure:
    """Statements that were sent and a side has not signed in this version; those that are disputed stand apart."""
    signed = and_(*(func.coalesce(_statement.c[f"{side}_version"], 0) == _statement.c.version for side in "ab"))
    waits = and_(_statement.c.sent_on.is_not(None), not_(signed), not_(_is_disputed()))
    return _statements(session, scope, "statements_unsigned", _("对账单待签认"), waits)


def _statements(session: Session, scope: Scope, name: str, label: str, which: ColumnElement[bool]) -> Figure:
    columns = (_statement.c.id, _statement.c.statement_no, _statement.c.sign_by)
    order = (_statement.c.sign_by.is_(None), _statement.c.sign_by, _statement.c.statement_no)
    query = select(func.count().over(), *columns).where(_same(scope, _statement), which)
    count, key, number, sign_by = session.execute(query.order_by(*order).limit(1)).first() or (0, None, "", None)
    term = due_days.said(readable(sign_by), scope.today)
    note = _("{no}（{term}）").format(no=number, term=term) if term else number
    ids = select(_statement.c.id).where(_same(scope, _statement), which)
    return Figure(name, label, count, _(STATEMENTS_UNIT), note, Trace(STATEMENTS.name, label, ids, first=key))


def _same(scope: Scope, table: Any) -> ColumnElement[bool]:
    """Samples are acted on in a sample expo alone, and nothing else there."""
    return table.c.is_sample.is_(scope.is_sample)


def _found(
    session: Session, scope: Scope, table: Any, which: ColumnElement[bool], number: ColumnElement[str], order: Any
) -> tuple[int, str]:
    """How many there are, and the number of the first."""
    query = select(func.count().over(), number).where(_same(scope, table), which).order_by(*order).limit(1)
    row = session.execute(query).first()
    return (row[0], row[1]) if row else (0, "")


def _figure(name: str, label: str, count: int, unit: str, first: str, trace: Trace) -> Figure:
    note = _("最早的是 {no}").format(no=first) if count else ""
    return Figure(name, label, count, _(unit), note, trace)
