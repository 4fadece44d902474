"""三地结算 read: which uses belong to a period, what they come to between regions, and whether it adds up.

A verified use belongs to the period of its statement; one that stands in none to that of the day it was verified, or,
where its pair has settled that day already, to the next one. Sample rule as in `services.statistics.scope`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Expo,
    Instrument,
    Organisation,
    PaidWay,
    Provider,
    ServiceItem,
    SettlementStatement,
    StatementPaper,
    StatementStep,
    UseState,
    VoucherPolicy,
    VoucherUse,
)
from expo_app.model.expo import today_of
from expo_app.rules import periods
from expo_app.rules.settlement import EMPTY, NOTHING, Amount, Pair, Period, Settlement, Use, effective_day, settle
from expo_app.rules.who import called
from expo_app.specs.records import read_name, spoken
from expo_app.specs.settlement import (
    Check,
    PaperLine,
    SettlementBoard,
    Side,
    SideState,
    StatementDetail,
    StatementLine,
    StepLine,
    UseLine,
)
from expo_app.store.database import Database

_use, _statement, _policy = VoucherUse.__table__, SettlementStatement.__table__, VoucherPolicy.__table__
_step, _paper = StatementStep.__table__, StatementPaper.__table__
COUNTED = (UseState.VERIFIED, UseState.SETTLED)
"""States in which a use is owed."""
Closed = Mapping[tuple[str, str], Sequence[tuple[date, date]]]
"""By the two regions of a pair the first and last days of its statements, in order."""


def pair_of(issuer: str, payee: str) -> tuple[str, str]:
    """The two regions in the order of a statement."""
    return (issuer, payee) if issuer <= payee else (payee, issuer)


def usual_period(today: date) -> Period:
    """The last half-year that is over."""
    return periods.previous(periods.containing(today, periods.HALF))


def in_period(text: str, today: date) -> Period:
    """The period that is meant, "" the usual one; UserError for anything else."""
    if not text:
        return usual_period(today)
    try:
        return periods.period(text)
    except ValueError as problem:
        raise UserError(_("{why}没有生成。").format(why=problem), "E-PERIOD") from None


def read(db: Database, expo_id: uuid.UUID | None, text: str, statement: uuid.UUID | None = None) -> SettlementBoard:
    """All of a period, that of the statement where one is named, "" the last half-year; seven statements at most.

    Conflict where the statement is gone.
    """
    with db.reading() as session:
        expo = expo_of(session, expo_id)
        return read_board(session, expo, period_of(session, statement) or in_period(text, today_of(expo, db.now())))


def period_of(session: Session, statement: uuid.UUID | None) -> Period | None:
    """The period a statement is of; None where none is named, Conflict where it is gone."""
    if statement is None:
        return None
    columns = (_statement.c.period_from, _statement.c.period_until)
    row = session.execute(select(*columns).where(_statement.c.id == statement)).first()
    if row is None:
        raise Conflict(_("这份对账单已不在，数据未变。请刷新。"), "E-GONE")
    first, last = row
    return periods.exactly(first, last) or Period(f"{first}", first, last, 0)


def expo_of(session: Session, expo_id: uuid.UUID | None) -> Expo | None:
    """The expo that is open, where one is; Conflict where it is gone."""
    expo = session.get(Expo, expo_id) if expo_id is not None else None
    if expo_id is not None and expo is None:
        raise Conflict(_("这届展会已被删除，数据未变。请选择另一届。"), "E-GONE")
    return expo


def of_kind(table: Any, expo: Expo | None) -> ColumnElement[bool]:
    """What is settled together: in a sample expo samples, else what is none; never one with the other."""
    return table.c.is_sample.is_(expo is not None and expo.is_sample)


def read_board(session: Session, expo: Expo | None, period: Period) -> SettlementBoard:
    """The same within a session that is already open."""
    rows, unread = _statements(session, expo)
    closed = closed_by(rows)
    own = [row for row in rows if period.from_day <= row["period_from"] and row["period_until"] <= period.until]
    grouped, earlier, samples, hurt = _uses(session, expo, period, [row["id"] for row in own], closed)
    wrong = _wrong(session, [row["id"] for row in own])
    lines = [_line(row, settle(grouped.pop(row["id"], ())), wrong.get(row["id"], ())) for row in own]
    waiting = settle(grouped.pop(None, ()))
    lines += [_not_drawn(pair, period) for pair in _pairs(waiting)]
    whole = _added(line.pair for line in lines)
    between = sorted((one for one in lines if not one.is_local), key=_rank)
    stated = [one for one in between if one.id is not None]
    check = Check(
        _ledger(session, expo, period, [row["id"] for row in own], closed),
        sum((one.pair.a_pays.all + one.pair.b_pays.all for one in stated), NOTHING),
        sum((cell.all for (one, other), cell in waiting.cells.items() if one != other), NOTHING),
        len(stated),
        tuple(number for one in lines for number in one.wrong),
        (*unread, *hurt),
    )
    wider = (row for row in rows if row["period_from"] <= period.until and row["period_until"] >= period.from_day)
    names = [_ends(row) for row in wider if row not in own]
    return SettlementBoard(
        period, whole, tuple(between), tuple(one for one in lines if one.is_local), check,
        most_months(session, expo, period, whole.parties), tuple(dict.fromkeys(names)), earlier, samples,
    )  # fmt: skip


def _statements(session: Session, expo: Expo | None) -> tuple[list[dict[str, Any]], list[str]]:
    """All of the kind, by period; and the numbers of those whose period cannot be read."""
    order = (_statement.c.period_from, _statement.c.statement_no)
    rows = session.execute(select(_statement).where(of_kind(_statement, expo)).order_by(*order)).mappings()
    found: list[dict[str, Any]] = []
    unread: list[str] = []
    for row in rows:
        if is_damaged(row["period_from"]) or is_damaged(row["period_until"]):
            unread.append(row["statement_no"])
        else:
            found.append(dict(row))
    return found, unread


def _ends(row: Mapping[str, Any]) -> str:
    known = periods.exactly(row["period_from"], row["period_until"])
    return known.label if known else f"{row['period_from']}–{row['period_until']}"


def closed_by(rows: Iterable[Mapping[str, Any]]) -> Closed:
    """What statements have closed, by pair."""
    found: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        found[row["a_code"], row["b_code"]].append((row["period_from"], row["period_until"]))
    return {pair: sorted(days) for pair, days in found.items()}


def _rank(line: StatementLine) -> tuple[object, ...]:
    """Disputes first, then what is not drawn or not in order, then as the regions are numbered."""
    return not line.is_disputed, not line.wrong, line.pair.a, line.pair.b, line.from_day


def _uses(
    session: Session, expo: Expo | None, period: Period, statements: Sequence[uuid.UUID], closed: Closed
) -> tuple[dict[uuid.UUID | None, list[Use]], Amount, int, list[str]]:
    """By statement (None: waiting for one) the uses of a period as they are, one by one; what still waits for an
    earlier one; how many of the uses are samples; the numbers of those that cannot be read.
    """
    which = belongs(expo, period, statements)
    query = select(
        _use.c.issuer_code, _use.c.payee_code, type_coerce(_use.c.share, BigInteger), type_coerce(_use.c.way, String),
        _use.c.statement_id, _use.c.verified_on, _use.c.is_sample,
    ).where(which)  # fmt: skip
    found: dict[uuid.UUID | None, list[Use]] = defaultdict(list)
    earlier, samples, is_hurt = NOTHING, 0, False
    for issuer, payee, fen, way, statement, day, is_sample in session.execute(query):
        if type(fen) is not int or (statement is None and is_damaged(day)):
            is_hurt = True
            continue
        if statement is None and not waits_here(issuer, payee, day, period, closed):
            if _belongs_on(issuer, payee, day, closed) < period.from_day:
                earlier += Amount(1, fen)
            continue
        found[statement].append(Use(issuer, payee, fen, way == PaidWay.REFUNDED.name))
        samples += is_sample
    return found, earlier, samples, _unread(session, which) if is_hurt else []


def _unread(session: Session, which: ColumnElement[bool]) -> list[str]:
    """The numbers of uses whose share or day of checking is not there to be read."""
    query = select(_use.c.use_no, _use.c.share, _use.c.verified_on).where(which).order_by(_use.c.use_no)
    return [number for number, *needed in session.execute(query) if None in map(readable, needed)]


def belongs(expo: Expo | None, period: Period, statements: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    """Uses that stand in these statements, and those that may wait for one of this period."""
    waiting = and_(_use.c.statement_id.is_(None), _use.c.verified_on <= period.until)
    which = or_(_use.c.statement_id.in_(statements), waiting) if statements else waiting
    return and_(_use.c.state.in_(COUNTED), of_kind(_use, expo), which)


def waits_here(issuer: str, payee: str, day: date, period: Period, closed: Closed) -> bool:
    """Whether a use in no statement belongs to the period."""
    return period.from_day <= _belongs_on(issuer, payee, day, closed) <= period.until


def _belongs_on(issuer: str, payee: str, day: date, closed: Closed) -> date:
    pair = closed.get(pair_of(issuer, payee))
    return effective_day(day, pair) if pair else day


def _ledger(
    session: Session, expo: Expo | None, period: Period, statements: Sequence[uuid.UUID], closed: Closed
) -> Amount:
    """The same uses between regions, added up by the database: the other of two ways to one figure."""
    keys = (_use.c.issuer_code, _use.c.payee_code, _use.c.statement_id, _use.c.verified_on)
    query = (
        select(*keys, func.count(), func.sum(type_coerce(_use.c.share, BigInteger)))
        .where(belongs(expo, period, statements), _use.c.issuer_code != _use.c.payee_code)
        .group_by(*keys)
    )
    total = NOTHING
    for issuer, payee, statement, day, count, fen in session.execute(query):
        if statement is not None or is_damaged(day) or waits_here(issuer, payee, day, period, closed):
            total += Amount(count, int(fen))
    return total


def _wrong(session: Session, statements: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """By statement the uses in it that are verified no longer."""
    query = select(_use.c.statement_id, _use.c.use_no).where(
        _use.c.statement_id.in_(statements), _use.c.state.not_in(COUNTED)
    )
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for statement, number in session.execute(query.order_by(_use.c.use_no)) if statements else ():
        found[statement].append(number)
    return {statement: tuple(numbers) for statement, numbers in found.items()}


def _pairs(settlement: Settlement) -> list[Pair]:
    """Every two regions with uses between them, and every one with uses of its own."""
    own = [Pair(one, one, cell, EMPTY) for (one, other), cell in sorted(settlement.cells.items()) if one == other]
    return [*settlement.pairs, *own]


def _added(pairs: Iterable[Pair]) -> Settlement:
    cells: dict[tuple[str, str], Any] = {}
    for pair in pairs:
        sides = (((pair.a, pair.b), pair.a_pays), ((pair.b, pair.a), pair.b_pays))
        for place, cell in sides[:1] if pair.a == pair.b else sides:
            if cell.all.count:
                cells[place] = cells[place] + cell if place in cells else cell
    return Settlement(cells)


def _line(row: Mapping[str, Any], settlement: Settlement, wrong: Sequence[str]) -> StatementLine:
    a, b = row["a_code"], row["b_code"]
    pair = Pair(a, b, settlement.cell(a, b), settlement.cell(b, a) if a != b else EMPTY)
    return StatementLine(
        row["id"], row["statement_no"], pair, row["period_from"], row["period_until"], sides_of(row), row["version"],
        row["drawn_at"], row["drawn_by"], row["sent_on"], row["sign_by"], row["paid_on"], row["is_sample"],
        tuple(wrong),
    )  # fmt: skip


def _not_drawn(pair: Pair, period: Period) -> StatementLine:
    sides = Side(pair.a, SideState.UNSENT), Side(pair.b, SideState.UNSENT)
    return StatementLine(None, "", pair, period.from_day, period.until, sides)


def sides_of(row: Mapping[str, Any]) -> tuple[Side, Side]:
    """How far both sides of a statement are, by its row."""
    return _side(row, "a"), _side(row, "b")


def _side(row: Mapping[str, Any], name: str) -> Side:
    signed = row[f"{name}_version"] == row["version"]
    if row[f"{name}_dispute"]:
        state = SideState.DISPUTED
    elif signed:
        state = SideState.SIGNED
    else:
        state = SideState.WAITING if row["sent_on"] else SideState.UNSENT
    return Side(
        row[f"{name}_code"], state, row[f"{name}_signer"] if signed else "",
        row[f"{name}_signed_on"] if signed else None, row[f"{name}_dispute"], row[f"{name}_version"],
    )  # fmt: skip


def most_months(session: Session, expo: Expo | None, period: Period, parties: Sequence[str]) -> dict[str, int]:
    """By region how many months a period may have at most, by its policies valid in this one."""
    query = (
        select(_policy.c.region_code, func.min(_policy.c.settle_months))
        .where(
            _policy.c.region_code.in_(parties), _policy.c.settle_months.is_not(None), of_kind(_policy, expo),
            _policy.c.valid_from <= period.until,
            or_(_policy.c.valid_until.is_(None), _policy.c.valid_until >= period.from_day),
        )
        .group_by(_policy.c.region_code)
    )  # fmt: skip
    return dict(session.execute(query).all()) if parties else {}


# --- one statement ----------------------------------------------------------------------------------------------------
def read_line(db: Database, expo_id: uuid.UUID | None, line: StatementLine) -> StatementDetail:
    """What a line of the board is made of; Conflict where its statement is gone."""
    with db.reading() as session:
        expo = expo_of(session, expo_id)
        zone = expo.zone_info if expo is not None else None
        if line.id is None:
            return StatementDetail(line, _waiting_uses(session, expo, line))
        steps = session.execute(select(_step).where(_step.c.statement_id == line.id).order_by(_step.c.id.desc()))
        papers = session.execute(
            select(_paper.c.id, _paper.c.side, _paper.c.version, _paper.c.name, _paper.c.added_at)
            .where(_paper.c.statement_id == line.id)
            .order_by(_paper.c.id)
        )
        return StatementDetail(
            line,
            tuple(use_lines(session, and_(_use.c.statement_id == line.id, of_kind(_use, expo)))),
            tuple(StepLine(_local(row["at"], zone), called(row["operator"]), row["words"]) for row in steps.mappings()),
            tuple(PaperLine(key, side, version, name, _local(at, zone)) for key, side, version, name, at in papers),
        )


def _local(at: datetime, zone: ZoneInfo | None) -> datetime:
    return at if is_damaged(at) else at.astimezone(zone)


def _waiting_uses(session: Session, expo: Expo | None, line: StatementLine) -> tuple[UseLine, ...]:
    period = Period("", line.from_day, line.until, 0)
    places = or_(*(_between(one, other) for one, other in ((line.pair.a, line.pair.b), (line.pair.b, line.pair.a))))
    return tuple(uses_of(session, expo, period, (), places))


def uses_of(
    session: Session, expo: Expo | None, period: Period, statements: Sequence[uuid.UUID],
    places: ColumnElement[bool] | None = None,
) -> list[UseLine]:  # fmt: skip
    """What is owed in these statements, and what waits for one of the period; by number."""
    closed = closed_by(_statements(session, expo)[0])
    which = belongs(expo, period, statements)
    return [
        use for use in use_lines(session, which if places is None else and_(which, places))
        if use.statement_id is not None
        or (use.verified_on is not None and waits_here(use.issuer, use.payee, use.verified_on, period, closed))
    ]  # fmt: skip


def _between(issuer: str, payee: str) -> ColumnElement[bool]:
    return and_(_use.c.issuer_code == issuer, _use.c.payee_code == payee)


def use_lines(session: Session, which: ColumnElement[bool]) -> list[UseLine]:
    """Uses as statements list them, by number; without those that the board names as not to be read."""
    company, body = Organisation.__table__.alias(), Organisation.__table__.alias()
    provider, instrument, item = Provider.__table__, Instrument.__table__, ServiceItem.__table__
    other = _use.alias()
    query = (
        select(
            _use, read_name(company).label("company"), read_name(body).label("body"),
            spoken(Instrument, "title").label("instrument"), spoken(ServiceItem, "title").label("item"),
            other.c.use_no.label("corrected"),
        )
        .select_from(_use)
        .join(company, company.c.id == _use.c.organisation_id)
        .join(provider, provider.c.id == _use.c.provider_id)
        .join(body, body.c.id == provider.c.organisation_id)
        .outerjoin(instrument, instrument.c.id == _use.c.instrument_id)
        .outerjoin(item, item.c.id == _use.c.service_item_id)
        .outerjoin(other, other.c.id == _use.c.corrects_id)
        .where(which)
        .order_by(_use.c.use_no)
    )  # fmt: skip
    return [
        UseLine(
            row["id"], row["use_no"], row["company"], row["instrument"] or row["item"] or row["title"] or row["body"],
            row["kind"], row["share"] or Decimal(0), row["issuer_code"], row["payee_code"],
            row["way"] is PaidWay.REFUNDED, row["verified_on"], row["is_sample"], row["statement_id"],
            row["corrected"] or "",
        )
        for row in session.execute(query).mappings()
        if not (is_damaged(row["share"]) or is_damaged(row["verified_on"]))
    ]  # fmt: skip
