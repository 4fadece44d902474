"""额度: what a region gives in a calendar year, to all and to each company; taken and given back with a voucher.

Every version of its policy has pots of its own. What a version allows is for the year: what the others gave counts too.

A pot is made with the limits that hold when it is first needed and keeps them while something is taken of it. Where
classes of applicants have other limits of the year a company has vouchers of one of them. Whoever changes a pot holds
its row, the database refuses `taken` beyond `most`, and a list that is imported is written only where nobody took since
(`staging`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Voucher, VoucherPot, VoucherState, new_id
from expo_app.rules.regions import region_name
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.record_writer import Writer, in_parts
from expo_app.services.voucher_grounds import Grounds, Row, alone
from expo_app.services.voucher_judge import Left
from expo_app.store.engines import insert_into

_pot, _voucher = VoucherPot.__table__, Voucher.__table__
Key = tuple[uuid.UUID, int, uuid.UUID | None]
"""(policy, calendar year, company), None for the budget."""


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
    def keys(self) -> tuple[Key, Key]:
        """The pot of the company's year, and the budget's."""
        return (self.policy_id, self.year, self.organisation_id), (self.policy_id, self.year, None)


class Pots:
    """The pots of some moves, as they are and as the moves leave them. `classes`: of applicants, by companies' pots."""

    def __init__(self, grounds: Grounds, there: Mapping[Key, Row], classes: Mapping[Key, str]) -> None:
        self.grounds, self.there, self.classes = grounds, there, dict(classes)
        self.taken = {key: row["taken"] for key, row in there.items()}

    def most(self, key: Key, applicant: str) -> Decimal | None:
        """What a pot may give: as it was made, else, or where a company gave all back, as it would be."""
        if key in self.there and (key[2] is None or self.taken[key]):
            found: Decimal | None = self.there[key]["most"]
            return found
        policy = self.grounds.by_policy[key[0]]
        return policy["budget"] if key[2] is None else self.grounds.limits(policy, applicant)["cap_per_year"]

    def refusal(self, move: Move) -> str:
        """Why a move is more than a pot has left; "" where it is not, and then it counts."""
        if move.by > 0 and (words := self._other_class(move)):
            return words
        for key in move.keys if move.by > 0 else ():
            most = self.most(key, move.applicant)
            taken = sum((self.taken.get(one, NOTHING) for one in _beside(self.grounds, key)), NOTHING)
            if most is not None and taken + move.by > most:
                return self._words(key, max(most - taken, NOTHING), move.by)
        if move.by > 0:
            self.classes.setdefault(move.keys[0], move.applicant)
        for key in move.keys:
            self.taken[key] = self.taken.get(key, NOTHING) + move.by
        return ""

    def _other_class(self, move: Move) -> str:
        key, _budget = move.keys
        was = self.classes.get(key, move.applicant)
        policy = self.grounds.by_policy[move.policy_id]
        caps = {self.grounds.limits(policy, one)["cap_per_year"] for one in (was, move.applicant)}
        if len(caps) == 1:
            return ""
        words = _("这家企业 {year} 年已按“{was}”领券，和“{now}”年度上限不同，数据未变。一个年度只按一个类别申领。")
        nobody = _("未分类")
        return words.format(year=move.year, was=was or nobody, now=move.applicant or nobody)

    def _words(self, key: Key, left: Decimal, amount: Decimal) -> str:
        said: dict[str, Any] = {"year": key[1], "left": f"{left:,.2f}", "amount": f"{amount:,.2f}"}
        if key[2] is not None:
            words = _("这家企业 {year} 年的额度还剩 {left} 元，不够 {amount} 元，数据未变。减少金额，或等下一年度。")
            return words.format(**said)
        words = _("{region} {year} 年的预算还剩 {left} 元，不够 {amount} 元，数据未变。减少金额，或等下一年度。")
        return words.format(region=region_name(self.grounds.by_policy[key[0]]["region_code"]), **said)


def _beside(grounds: Grounds, key: Key) -> list[Key]:
    """The pots of all versions of a region for that year and company."""
    region = grounds.by_policy[key[0]]["region_code"]
    return [(row["id"], *key[1:]) for row in grounds.policies if row["region_code"] == region]


def read_pots(session: Session, grounds: Grounds, moves: Iterable[Move]) -> Pots:
    """The pots as they are, to judge a plan by."""
    keys = {key for move in moves for key in move.keys}
    return Pots(grounds, _whole(session, grounds, keys), _classes(session, keys))


def left_of(session: Session, grounds: Grounds, keys: tuple[Key, Key]) -> tuple[Left, Left]:
    """Of both pots the most, None where there is none yet, and what is taken of the region's year."""
    rows = _whole(session, grounds, keys)

    def left(key: Key) -> Left:
        taken = sum((rows[one]["taken"] for one in _beside(grounds, key) if one in rows), NOTHING)
        return rows[key]["most"] if key in rows else None, taken

    return left(keys[0]), left(keys[1])


def take(writer: Writer, grounds: Grounds, moves: Sequence[Move]) -> None:
    """Take from the pots what vouchers hold from now on, and give back what they no longer do.

    InvalidRecord of the first move that is more than is left. Whoever takes at the same time waits here.
    """
    going = [move for move in moves if move.by]
    pots = _held(writer, grounds, going)
    most = {key: row["most"] for key, row in pots.there.items()}
    for move in going:
        most |= {key: pots.most(key, move.applicant) for key in move.keys if move.by > 0}
        if words := pots.refusal(move):
            raise InvalidRecord({"amount": words}, move.row)
    for key, row in pots.there.items():
        writer.update(_pot, row["id"], row, {"taken": pots.taken[key], "most": most[key]})


def _held(writer: Writer, grounds: Grounds, moves: Sequence[Move]) -> Pots:
    """The pots of the moves, made where they were missing, their rows held until the end."""
    keys = {key: move.applicant for move in moves for key in move.keys}
    if keys and not writer.staged:
        alone(writer.session, _pot.name)  # whoever makes the pot of another version would not be seen
    there = _whole(writer.session, grounds, keys)
    pots = Pots(grounds, there, {})
    missing = [
        {"id": new_id(), "policy_id": key[0], "year": key[1], "organisation_id": key[2], "taken": NOTHING,
         "most": pots.most(key, applicant)}
        for key, applicant in keys.items()
        if key not in there
    ]  # fmt: skip
    for row in missing:
        _make(writer, row)
    if writer.staged:
        made = {_key(row): row for row in missing}
        return Pots(grounds, there | made, _classes(writer.session, keys))
    ids = [row["id"] for row in _whole(writer.session, grounds, keys).values()]
    held = {_key(row): row for row in writer.locked(_pot, ids).values()}
    return Pots(grounds, held, _classes(writer.session, keys))


def _make(writer: Writer, row: dict[str, Any]) -> None:
    """A pot, unless somebody else makes it at this moment: then that one is waited for and used."""
    if writer.staged:
        writer.insert(_pot, [row])
        return
    connection = writer.session.connection()
    statement = insert_into(_pot, writer.db.is_sqlite).values(**row).on_conflict_do_nothing()
    if connection.execute(statement).rowcount:
        writer.made.setdefault(_pot, []).append(row)


def _whole(session: Session, grounds: Grounds, keys: Iterable[Key]) -> dict[Key, Row]:
    """These pots and those of the region's other versions."""
    return _rows(session, {one for key in keys for one in _beside(grounds, key)})


def _rows(session: Session, keys: Iterable[Key]) -> dict[Key, Row]:
    by_year: dict[tuple[uuid.UUID, int], set[uuid.UUID]] = {}
    for policy_id, year, company in keys:
        by_year.setdefault((policy_id, year), set()).update((company,) if company else ())
    found: dict[Key, Row] = {}
    for (policy_id, year), companies in by_year.items():
        query = select(_pot).where(_pot.c.policy_id == policy_id, _pot.c.year == year)
        for part in [[], *in_parts(companies)]:
            of = _pot.c.organisation_id.in_(part) if part else _pot.c.organisation_id.is_(None)
            found |= {_key(row): row for row in map(dict, session.execute(query.where(of)).mappings())}
    return found


def _classes(session: Session, keys: Iterable[Key]) -> dict[Key, str]:
    """Of which class the vouchers are that hold something of a company's pot."""
    wanted = {key for key in keys if key[2] is not None}
    query = select(
        _voucher.c.policy_id, _voucher.c.approved_on, _voucher.c.organisation_id, _voucher.c.applicant
    ).where(_voucher.c.held > 0)
    found: dict[Key, str] = {}
    for part in in_parts({key[2] for key in wanted}):
        for policy, day, company, applicant in session.execute(query.where(_voucher.c.organisation_id.in_(part))):
            if (key := (policy, day.year, company)) in wanted:
                found[key] = applicant or ""
    return found


def _key(row: Mapping[str, Any]) -> Key:
    return row["policy_id"], row["year"], row["organisation_id"]


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
        if row["state"] in (VoucherState.EXPIRED, VoucherState.CANCELLED):
            values["held"] = values["used"]
            moves.append(move_of(row, values["held"] - row["held"]))
        writer.update(_voucher, key, row, values)
    take(writer, grounds, moves)


def move_of(voucher: Row, by: Decimal) -> Move:
    """A voucher's part of its pots changes by so many yuan."""
    return Move(voucher["policy_id"], voucher["approved_on"].year, voucher["organisation_id"], voucher["applicant"], by)
