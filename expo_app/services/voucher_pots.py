"""额度: what a region gives in a calendar year, to all and to each company; taken and given back with a voucher.

All versions of its policy share one pot: each takes as far as its own limit, what the others gave counts too. Where
classes of applicants have other limits of the year a company has vouchers of one of them. Whoever changes a pot holds
its row, the database refuses `taken` beyond `most`, an undo and a list are written only where nobody took since, and
what an undo leaves is judged once more (`sums_agree`).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Voucher, VoucherPot, VoucherState, VoucherUse, new_id
from expo_app.rules.amounts import format_yuan
from expo_app.rules.regions import region_name
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.record_rules import WAS
from expo_app.services.record_writer import Writer, in_parts
from expo_app.services.voucher_grounds import Grounds, Row
from expo_app.services.voucher_judge import Left
from expo_app.store import voucher_sums
from expo_app.store.engines import insert_into
from expo_app.store.voucher_sums import Key, key_of, larger

_pot, _voucher, _use = (model.__table__ for model in (VoucherPot, Voucher, VoucherUse))
OfClass = tuple[uuid.UUID, int, uuid.UUID]
"""(policy, calendar year, company): what has one class of applicants."""


@dataclass(frozen=True)
class Move:
    """A voucher's part of its pots changes by `by` yuan. `year`: of its approval; `row`: its number in a file."""

    policy_id: uuid.UUID
    year: int
    organisation_id: uuid.UUID
    applicant: str
    by: Decimal
    row: int = 0

    @property
    def of_class(self) -> OfClass:
        return self.policy_id, self.year, self.organisation_id


class Pots:
    """The pots of some moves, as they are and as the moves leave them. `classes`: of applicants, by whose they are."""

    def __init__(self, grounds: Grounds, there: Mapping[Key, Row], classes: Mapping[OfClass, str]) -> None:
        self.grounds, self.there, self.classes = grounds, there, dict(classes)
        self.taken = {key: row["taken"] for key, row in there.items()}

    def refusal(self, move: Move) -> str:
        """Why a move is more than a pot has left; "" where it is not, and then it counts."""
        if move.by > 0 and (words := self._other_class(move)):
            return words
        for key, most in limits_of(self.grounds, move) if move.by > 0 else ():
            taken = self.taken.get(key, NOTHING)
            if most is not None and taken + move.by > most:
                return _words(key, max(most - taken, NOTHING), move.by)
        if move.by > 0:
            self.classes.setdefault(move.of_class, move.applicant)
        for key, _most in limits_of(self.grounds, move):
            self.taken[key] = self.taken.get(key, NOTHING) + move.by
        return ""

    def _other_class(self, move: Move) -> str:
        was = self.classes.get(move.of_class, move.applicant)
        policy = self.grounds.by_policy[move.policy_id]
        caps = {self.grounds.limits(policy, one)["cap_per_year"] for one in (was, move.applicant)}
        if len(caps) == 1:
            return ""
        words = _("这家企业 {year} 年已按“{was}”领券，和“{now}”年度上限不同，数据未变。一个年度只按一个类别申领。")
        nobody = _("未分类")
        return words.format(year=move.year, was=was or nobody, now=move.applicant or nobody)


def _words(key: Key, left: Decimal, amount: Decimal) -> str:
    said: dict[str, Any] = {"year": key[2], "left": f"{left:,.2f}", "amount": f"{amount:,.2f}"}
    if key[3] is not None:
        words = _("这家企业 {year} 年的额度还剩 {left} 元，不够 {amount} 元，数据未变。减少金额，或等下一年度。")
        return words.format(**said)
    words = _("{region} {year} 年的预算还剩 {left} 元，不够 {amount} 元，数据未变。减少金额，或等下一年度。")
    return words.format(region=region_name(key[0]), **said)


def limits_of(grounds: Grounds, move: Move) -> tuple[tuple[Key, Decimal | None], tuple[Key, Decimal | None]]:
    """The pot of the company's year and the budget's, each with the most that there may be under the move's version."""
    policy = grounds.by_policy[move.policy_id]
    year = (policy["region_code"], policy["is_sample"], move.year)
    cap = grounds.limits(policy, move.applicant)["cap_per_year"]
    return ((*year, move.organisation_id), cap), ((*year, None), policy["budget"])


def read_pots(session: Session, grounds: Grounds, moves: Iterable[Move]) -> Pots:
    """The pots as they are, to judge a plan by."""
    going = list(moves)
    return Pots(grounds, _rows(session, _keys(grounds, going)), _classes(session, going))


def left_of(session: Session, grounds: Grounds, move: Move) -> tuple[Left, Left]:
    """Of both pots that a move would be of: the most there may be, and what is taken."""
    rows = _rows(session, _keys(grounds, [move]))
    year, budget = (
        (most, rows[key]["taken"] if key in rows else NOTHING) for key, most in limits_of(grounds, move)
    )  # fmt: skip
    return year, budget


def take(writer: Writer, grounds: Grounds, moves: Sequence[Move]) -> None:
    """Take from the pots what vouchers hold from now on, and give back what they no longer do.

    InvalidRecord of the first move that is more than is left. Whoever takes at the same time waits here.
    """
    going = [move for move in moves if move.by]
    pots = _held(writer, grounds, going)
    most = {key: row["most"] for key, row in pots.there.items()}
    for move in going:
        if words := pots.refusal(move):
            raise InvalidRecord({"amount": words}, move.row)
        if move.by > 0:
            most |= {key: larger(most[key], limit) for key, limit in limits_of(grounds, move)}
    for key, row in sorted(pots.there.items(), key=lambda pair: pair[1]["id"]):
        writer.update(_pot, row["id"], row, {"taken": pots.taken[key], "most": most[key]})


def _keys(grounds: Grounds, moves: Iterable[Move]) -> set[Key]:
    return {key for move in moves for key, _most in limits_of(grounds, move)}


def _held(writer: Writer, grounds: Grounds, moves: Sequence[Move]) -> Pots:
    """The pots of the moves, made where they were missing, their rows held until the end."""
    limits = dict(pair for move in moves for pair in reversed(limits_of(grounds, move)))  # of all: the budget first
    there = _rows(writer.session, limits)
    missing = [
        {"id": new_id(), "region_code": key[0], "is_sample": key[1], "year": key[2], "organisation_id": key[3],
         "most": most, "taken": NOTHING}
        for key, most in limits.items()
        if key not in there
    ]  # fmt: skip
    for row in missing:
        _make(writer, row)
    if writer.staged:
        return Pots(grounds, there | {key_of(row): row for row in missing}, _classes(writer.session, moves))
    ids = [row["id"] for row in _rows(writer.session, limits).values()]
    held = {key_of(row): row for row in writer.locked(_pot, ids).values()}
    return Pots(grounds, held, _classes(writer.session, moves))


def _make(writer: Writer, row: dict[str, Any]) -> None:
    """A pot, unless somebody else makes it at this moment: then that one is waited for and used."""
    if writer.staged:
        writer.insert(_pot, [row])
        return
    connection = writer.session.connection()
    statement = insert_into(_pot, writer.db.is_sqlite).values(**row).on_conflict_do_nothing()
    if connection.execute(statement).rowcount:
        writer.made.setdefault(_pot, []).append(row)


def _rows(session: Session, keys: Iterable[Key]) -> dict[Key, Row]:
    by_year: dict[tuple[str, bool, int], set[uuid.UUID]] = {}
    for region, is_sample, year, company in keys:
        by_year.setdefault((region, is_sample, year), set()).update((company,) if company else ())
    found: dict[Key, Row] = {}
    for (region, is_sample, year), companies in by_year.items():
        query = select(_pot).where(
            _pot.c.region_code == region, _pot.c.is_sample.is_(is_sample), _pot.c.year == year
        )  # fmt: skip
        for part in [[], *in_parts(companies)]:
            of = _pot.c.organisation_id.in_(part) if part else _pot.c.organisation_id.is_(None)
            found |= {key_of(row): row for row in map(dict, session.execute(query.where(of)).mappings())}
    return found


def _classes(session: Session, moves: Iterable[Move]) -> dict[OfClass, str]:
    """Of which class the vouchers are that hold something of a company's pot."""
    wanted = {move.of_class for move in moves}
    query = select(
        _voucher.c.policy_id, _voucher.c.approved_on, _voucher.c.organisation_id, _voucher.c.applicant
    ).where(_voucher.c.held > 0)
    found: dict[OfClass, str] = {}
    for part in in_parts({company for _policy, _year, company in wanted}):
        for policy, day, company, applicant in session.execute(query.where(_voucher.c.organisation_id.in_(part))):
            if (key := (policy, day.year, company)) in wanted:
                found[key] = applicant or ""
    return found


def count_uses(
    writer: Writer, grounds: Grounds, vouchers: Mapping[uuid.UUID, Row], by: Mapping[uuid.UUID, Decimal]
) -> None:
    """What uses take of their vouchers changes by so many yuan; `vouchers`: their rows as they are.

    Of a voucher that is over nothing stays held that is not used: its pots get the rest.
    """
    moves = []
    for key, change in by.items():
        row = vouchers[key]
        values = {"used": row["used"] + change}
        is_over = row["state"] in (VoucherState.EXPIRED, VoucherState.CANCELLED)
        left = (row["amount"] if is_over else row["held"]) - row["used"]
        if change > left:
            words = _("券 {no} 只剩 {left} 元，不够 {n} 元，数据未变。先撤销它的其他用券。")
            raise InvalidRecord({"share": words.format(no=row["voucher_no"], left=f"{left:,.2f}", n=f"{change:,.2f}")})
        if is_over:
            values["held"] = values["used"]
            moves.append(move_of(row, values["held"] - row["held"]))
        writer.update(_voucher, key, row, values)
    take(writer, grounds, moves)


def move_of(voucher: Row, by: Decimal) -> Move:
    """A voucher's part of its pots changes by so many yuan."""
    return Move(voucher["policy_id"], voucher["approved_on"].year, voucher["organisation_id"], voucher["applicant"], by)


def sums_agree(session: Session, table: Table, keys: Collection[uuid.UUID]) -> None:
    """Conflict where an undo leaves a voucher that is not what its uses come to, a pot that is not what its vouchers
    hold, or one that it takes more of than there may be or by two classes; what only gives back goes through, though
    more was given before.
    """
    touched: set[Key] = set()
    for part in in_parts(keys) if table in (_voucher, _use, _pot) else ():
        if table is _pot:
            rows = map(dict, session.execute(select(_pot).where(_pot.c.id.in_(part))).mappings())
            touched.update(map(key_of, rows))
            continue
        of = _voucher.c.id if table is _voucher else _use.c.voucher_id
        vouchers = session.scalars(select(of).where(table.c.id.in_(part), of.is_not(None))).all()
        if voucher_sums.is_apart(session.connection(), vouchers):
            raise _changed_since()
        touched.update(voucher_sums.pots_of(session.connection(), vouchers))
    bounds = voucher_sums.read_bounds(session.connection(), touched)
    there, was = _rows(session, touched), session.info[WAS]
    for key in touched:
        taken = there[key]["taken"] if key in there else NOTHING
        if taken != bounds.held.get(key, NOTHING):
            raise _changed_since()
        if table is not _pot or not _is_more(taken, was.get(there[key]["id"], {}).get("taken", NOTHING)):
            continue
        if key in bounds.mixed:
            words = _("这样一家企业 {year} 年就按两个年度上限不同的类别领券，没有动它，数据未变。")
            raise Conflict(words.format(year=key[2]), "E-VOUCHER-POT")
        if bounds.is_beyond(key, taken):
            words = _("这样 {year} 年批出的券共 {taken} 元，超过上限 {most} 元，没有动它，数据未变。先撤销多出的券。")
            told = words.format(year=key[2], taken=format_yuan(taken), most=format_yuan(bounds.most[key]))
            raise Conflict(told, "E-VOUCHER-POT")


def _is_more(taken: Decimal, was: Any) -> bool:
    """Whether a pot has more taken of it than it had; one that could not be read is judged."""
    return is_damaged(was) or taken > was


def _changed_since() -> Conflict:
    return Conflict(_("这之后又有改动，没有动它，数据未变。可以逐条改回。"), "E-CHANGED-SINCE")
