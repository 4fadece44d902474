"""Columns of 对账单: what stands in each is added up when it is read; a list to read and to hand out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, select

from expo_app.i18n import N_
from expo_app.model import Fen, PaidWay, SettlementStatement, UseState, VoucherUse
from expo_app.rules.settlement import party_name
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec, search_of

_statement, _use = SettlementStatement.__table__, VoucherUse.__table__
YUAN = N_("元")


def _in_it() -> ColumnElement[bool]:
    return and_(_use.c.statement_id == _statement.c.id, _use.c.state.in_((UseState.VERIFIED, UseState.SETTLED)))


def _count() -> ColumnElement[Any]:
    query = select(func.count()).select_from(_use).where(_in_it())
    return query.correlate(_statement).scalar_subquery()


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    query = select(func.coalesce(func.sum(_use.c.share, type_=Fen), 0, type_=Fen)).where(_in_it(), *conditions)
    return query.correlate(_statement).scalar_subquery()


def _pays(side: str) -> ColumnElement[Any]:
    """What that region owes the other one; of a region's own list all of it."""
    code, is_local = _statement.c[f"{side}_code"], _statement.c.a_code == _statement.c.b_code
    is_owed = is_local | (_use.c.way == PaidWay.PAID)
    other_way = [] if side == "a" else [_statement.c.a_code != _statement.c.b_code]
    return _sum(_use.c.issuer_code == code, is_owed, *other_way)


def _payer() -> ColumnElement[Any]:
    """The region that pays the net, none where nothing is owed between two."""
    a, b = _pays("a"), _pays("b")
    is_local = _statement.c.a_code == _statement.c.b_code
    return case((is_local, null()), (a > b, _statement.c.a_code), (b > a, _statement.c.b_code), else_=null())


def _net() -> ColumnElement[Any]:
    a, b = _pays("a"), _pays("b")
    return case(
        (_statement.c.a_code == _statement.c.b_code, null()), (a > b, a - b), else_=b - a,
    )  # fmt: skip


def _net_fen() -> ColumnElement[Any]:
    return func.coalesce(_net(), null(), type_=Fen)


def _place(name: str, title: str) -> Field:
    return Field(name, title, 12, readonly=True, format=party_name)


STATEMENTS: RecordSpec = RecordSpec(
    name="statements",
    model=SettlementStatement,
    title=N_("对账单"),
    key=(("statement_no",),),
    scope="",
    needs_expo=False,
    order=("-period_from", "statement_no"),
    search=lambda: search_of(func.lower(_statement.c.statement_no)),
    chips=("a_code", "b_code"),
    icon="scales-3",
    permission="vouchers.settle",
    natural="statement_no",
    fields=(
        Field("statement_no", N_("编号"), 14, readonly=True, show="bold"),
        _place("a_code", N_("甲方")),
        _place("b_code", N_("乙方")),
        Field("period_from", N_("起"), 12, readonly=True),
        Field("period_until", N_("止"), 12, readonly=True),
        Field("version", N_("版次"), 6, readonly=True),
        Field("uses", N_("笔数"), 8, type=FieldType.NUMBER, readonly=True, select=_count),
        Field("a_pays", N_("甲方出券"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, select=lambda: _pays("a")),
        Field("b_pays", N_("乙方出券"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, select=lambda: _pays("b")),
        Field("payer", N_("付款方"), 12, readonly=True, select=_payer, format=party_name),
        Field("net", N_("净额"), 14, type=FieldType.YUAN, unit=YUAN, readonly=True, select=_net_fen),
        Field("sent_on", N_("发出日期"), 12, readonly=True),
        Field("sign_by", N_("签认期限"), 12, readonly=True, in_table=False),
        Field("a_signed_on", N_("甲方签认"), 12, readonly=True),
        Field("a_signer", N_("甲方签认人"), 14, readonly=True, in_table=False),
        Field("b_signed_on", N_("乙方签认"), 12, readonly=True),
        Field("b_signer", N_("乙方签认人"), 14, readonly=True, in_table=False),
        Field("a_dispute", N_("甲方异议"), 20, readonly=True, in_table=False),
        Field("b_dispute", N_("乙方异议"), 20, readonly=True, in_table=False),
        Field("paid_on", N_("付讫日期"), 12, readonly=True),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False),
    ),
)  # fmt: skip
