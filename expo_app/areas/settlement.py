"""三地结算: statements between regions, their report, and what holds a use that stands in one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from expo_app.areas.registration import Alert, Area, ListEntry, PageDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.routes import Route
from expo_app.routes.vouchers import SettlementRoute
from expo_app.services import settlement_acts
from expo_app.services.record_rules import Rules
from expo_app.specs import STATEMENTS, VOUCHER_USES
from expo_app.specs.list_look import EXPORT, ListLook
from expo_app.specs.settlement import SideState
from expo_app.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure, Trace


def _report(writing: Writing) -> None:
    from expo_app.reports import settlement
    from expo_app.services import settlement_report

    read = partial(settlement_report.read, period=writing.period, only=writing.part)
    writing.report(read, settlement.write, settlement.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str, period: str) -> object:
    from expo_app.services import settlement_report

    return settlement_report.as_json(db, expo_id, now, part, period)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import settlement_report

    return settlement_report.parts(db, expo_id)


def _disputed(session: Session, scope: Scope) -> Figure:
    from expo_app.services.statistics import vouchers_due

    return vouchers_due.statements_disputed(session, scope)


def _unsigned(session: Session, scope: Scope) -> Figure:
    from expo_app.services.statistics import vouchers_due

    return vouchers_due.statements_unsigned(session, scope)


def _first_of(trace: Trace | None) -> Route:
    """三地结算 of its period, the statement that is due first beside it."""
    return SettlementRoute(statement=trace.first if trace else None)


PILLS = {SideState.UNSENT: "mute", SideState.WAITING: "warn", SideState.SIGNED: "ok", SideState.DISPUTED: "bad"}
STATEMENT_LIST = ListEntry(
    STATEMENTS,
    command_at=187,
    command=N_("statements 对账单"),
    can_import=False,
    look=ListLook(N_("对账单"), N_("共 {n} 份"), N_("编号"), can=frozenset({EXPORT})),
)
AREA = Area(
    "settlement",
    lists=(STATEMENT_LIST,),
    adds=((VOUCHER_USES, Rules(holds=(settlement_acts.stands,))),),
    pages=(
        PageDef(
            STATEMENTS.name, STATEMENTS.title, STATEMENTS.icon, STATEMENT_LIST.make, spec=STATEMENTS, inside="vouchers"
        ),
    ),
    reports=(
        Document(
            "settlement",
            N_("三地结算对账单"),
            N_("一个结算期里每两地一份对账单：明细、轧差和双方签认；通用和本地用券另列。"),
            group=FOR_TRADE,
            at=61,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_report,
            command_at=61,
            command=N_("settlement 三地结算对账单"),
            as_json=_report_json,
            of_period=True,
            parts=_parts,
        ),
    ),
    alerts=(
        Alert(
            "statements_disputed",
            _disputed,
            ("settlement_statement",),
            settlement_acts.SETTLE,
            "error-warning-fill",
            "bad",
            N_("打开"),
            _first_of,
        ),
        Alert(
            "statements_unsigned",
            _unsigned,
            ("settlement_statement",),
            settlement_acts.SETTLE,
            "scales-3-fill",
            "warn",
            N_("打开"),
            _first_of,
        ),
    ),
    pills=PILLS,
)
