"""What statements are printed from, and the net of every pair for programs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Expo, Organisation, SettlementStatement, Voucher, VoucherPolicy, VoucherState, VoucherUse
from expo_app.model.expo import today_of
from expo_app.rules.settlement import EMPTY, Pair, party_name
from expo_app.services.report_head import read_head
from expo_app.services.settlement import expo_of, in_period, of_kind, period_of, read_board, uses_of
from expo_app.specs.records import spoken
from expo_app.specs.settlement import LeftLine, SettlementBoard, SettlementReport, StatementLine
from expo_app.specs.settlement_words import no_uses_words
from expo_app.store.database import Database

_use, _statement = VoucherUse.__table__, SettlementStatement.__table__
_voucher, _policy, _organisation = Voucher.__table__, VoucherPolicy.__table__, Organisation.__table__


def read(db: Database, expo_id: uuid.UUID, now: datetime, period: str = "", only: str = "") -> SettlementReport:
    """Every statement of a period, or one of this key alone, of the period it is of.

    UserError for a period of which there is nothing to tell: a document without a use would look like a result.
    """
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        return _read(session, expo, now, period, uuid.UUID(only) if only else None)


def _read(session: Session, expo: Expo, now: datetime, period: str, only: uuid.UUID | None) -> SettlementReport:
    board = read_board(session, expo, period_of(session, only) or in_period(period, today_of(expo, now)))
    if not board.all_lines:
        raise UserError(_("{why}没有生成。").format(why=no_uses_words(board)), "E-EMPTY")
    drawn = [line.id for line in board.all_lines if line.id is not None]
    found = uses_of(session, expo, board.period, drawn)
    uses = [use for use in found if only in (None, use.statement_id)]
    left = () if only else _left(session, expo, today_of(expo, now))
    return SettlementReport(read_head(session, expo, now), board, tuple(uses), tuple(left), only)


def parts(db: Database, expo_id: uuid.UUID) -> list[tuple[str, str]]:
    """Which statements it may tell of alone: (key, number), the newest period first."""
    with db.reading() as session:
        expo = expo_of(session, expo_id)
        query = select(_statement.c.id, _statement.c.statement_no).where(of_kind(_statement, expo))
        order = (_statement.c.period_from.desc(), _statement.c.statement_no)
        return [(str(key), number) for key, number in session.execute(query.order_by(*order))]


def _left(session: Session, expo: Expo, today: date) -> list[LeftLine]:
    """企业余额 of every voucher that still holds, those of one company together."""
    query = (
        select(
            spoken(Organisation), _voucher.c.voucher_no, _policy.c.region_code, _voucher.c.amount, _voucher.c.used,
            _voucher.c.held, _voucher.c.expires_on, _voucher.c.is_sample,
        )
        .select_from(_voucher)
        .join(_organisation, _organisation.c.id == _voucher.c.organisation_id)
        .join(_policy, _policy.c.id == _voucher.c.policy_id)
        .where(
            _voucher.c.state == VoucherState.APPROVED, of_kind(_voucher, expo),
            or_(_voucher.c.expires_on.is_(None), _voucher.c.expires_on >= today),
        )
        .order_by(_organisation.c.name, _voucher.c.voucher_no)
    )  # fmt: skip
    return [
        LeftLine(company, number, party_name(region), amount, used, held - used, expires_on, is_sample)
        for company, number, region, amount, used, held, expires_on, is_sample in session.execute(query)
    ]


def as_json(db: Database, expo_id: uuid.UUID, now: datetime, only: str = "", period: str = "") -> dict[str, object]:
    """The net of every pair once, in yuan, with its statements; `period` "" is the last half-year.

    Without a use there is no pair, all sums 0.
    """
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        key = uuid.UUID(only) if only else None
        board = read_board(session, expo, period_of(session, key) or in_period(period, today_of(expo, now)))
    return _plain(board, key)


def _plain(board: SettlementBoard, only: uuid.UUID | None) -> dict[str, object]:
    check, whole = board.check, board.settlement
    wanted = [line for line in board.lines if only in (None, line.id)]
    return {
        "period": board.period.text,
        "from": board.period.from_day,
        "until": board.period.until,
        "pairs": [_plain_pair(board, lines) for lines in _by_pair(wanted)],
        "refunded": {"uses": whole.refunded.count, "amount": whole.refunded.yuan},
        "local": [
            {"region": code, "name": board.name(code), "uses": amount.count, "amount": amount.yuan}
            for code, amount in whole.local.items()
        ],
        "check": {
            "is_right": check.is_right, "ledger": check.ledger.yuan, "ledger_uses": check.ledger.count,
            "statements": check.stated.yuan, "statement_uses": check.stated.count,
            "waiting": check.pending.yuan, "waiting_uses": check.pending.count, "difference": check.difference,
            "wrong": list(check.wrong), "damaged": list(check.damaged), "waiting_earlier": board.earlier.count,
        },
    }  # fmt: skip


def _by_pair(lines: Iterable[StatementLine]) -> list[list[StatementLine]]:
    """Those of the same two regions together, each in order of time."""
    found: dict[tuple[str, str], list[StatementLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.pair.a, line.pair.b, line.from_day)):
        found[line.pair.a, line.pair.b].append(line)
    return list(found.values())


def _plain_pair(board: SettlementBoard, lines: Sequence[StatementLine]) -> dict[str, object]:
    """The net of two regions over all their statements and what waits for one, with each of them."""
    a, b = lines[0].pair.a, lines[0].pair.b
    whole = Pair(
        a, b, sum((line.pair.a_pays for line in lines), EMPTY), sum((line.pair.b_pays for line in lines), EMPTY)
    )
    return {
        "a": a, "b": b, "names": [board.name(a), board.name(b)], **_sums(whole),
        "statements": [
            {
                "statement": line.no or None, "version": line.version if line.id else None, "from": line.from_day,
                "until": line.until, **_sums(line.pair), "sides": [side.state.name for side in line.sides],
            }
            for line in lines
        ],
    }  # fmt: skip


def _sums(pair: Pair) -> dict[str, object]:
    return {
        "a_pays": pair.a_pays.paid.yuan, "b_pays": pair.b_pays.paid.yuan, "net": pair.net,
        "payer": pair.payer or None, "uses": pair.count, "refunded": pair.refunded.yuan,
    }  # fmt: skip
