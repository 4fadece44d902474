"""Categories of attendees: which pass a gate, what another way of counting would change, how many passes are left."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeState, Booth, Category, CountsAs, Exhibitor, Gate, GateCategory
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Terms
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import write_row, writing
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.scope import scope_of
from expo_app.services.words import LIST_MARK, categories_of, category_of
from expo_app.specs import GATES, ORGANISATIONS, Outcome, RecordSpec
from expo_app.store.database import Database

_category, _attendee, _pairing = Category.__table__, Attendee.__table__, GateCategory.__table__
Pair = tuple[uuid.UUID, uuid.UUID]
"""A category and an organisation."""


# --- gates ------------------------------------------------------------------------------------------------------------
def categories_by_gate(session: Session, gates: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[CategoryTerm, ...]]:
    """The categories that pass each gate, in the expo's order; a gate that admits all of them is not in it."""
    joined = select(_category, _pairing.c.gate_id).join(_pairing, _pairing.c.category_id == _category.c.id)
    query = joined.where(_pairing.c.gate_id.in_(gates)).order_by(_category.c.position, _category.c.id)
    found: dict[uuid.UUID, list[CategoryTerm]] = {}
    for row in session.execute(query).mappings():
        found.setdefault(row["gate_id"], []).append(category_of(row))
    return {gate: tuple(terms) for gate, terms in found.items()}


def categories_at(session: Session, gate_id: uuid.UUID) -> tuple[CategoryTerm, ...] | None:
    """The categories that pass one gate; None: all of them."""
    return categories_by_gate(session, [gate_id]).get(gate_id)


@dataclass(frozen=True)
class Entrance:
    """A gate and the categories that pass it; None: all of them."""

    id: uuid.UUID
    name: str
    only: frozenset[uuid.UUID] | None

    def admits(self, category: uuid.UUID) -> bool:
        """Whether the category passes."""
        return self.only is None or category in self.only


def entrances_of(session: Session, expo_id: uuid.UUID) -> list[Entrance]:
    """The gates of an expo by name, each with whom it admits."""
    gate = Gate.__table__
    gates = session.execute(select(gate.c.id, gate.c.name).where(gate.c.expo_id == expo_id).order_by(gate.c.name)).all()
    pairs = select(_pairing.c.gate_id, _pairing.c.category_id).join(gate, gate.c.id == _pairing.c.gate_id)
    admitted: dict[uuid.UUID, set[uuid.UUID]] = {}
    for gate_id, category_id in session.execute(pairs.where(gate.c.expo_id == expo_id)):
        admitted.setdefault(gate_id, set()).add(category_id)
    return [Entrance(row.id, row.name, frozenset(admitted[row.id]) if row.id in admitted else None) for row in gates]


def gates_of(db: Database, expo_id: uuid.UUID) -> dict[uuid.UUID, tuple[str, ...]]:
    """Names of the gates that each category passes, those that admit all included, by the category's id."""
    with db.reading() as session:
        terms, gates = categories_of(session, expo_id), entrances_of(session, expo_id)
    return {term.id: tuple(gate.name for gate in gates if gate.admits(term.id)) for term in terms}


def let_through(db: Database, expo_id: uuid.UUID, category: uuid.UUID, gates: Collection[uuid.UUID]) -> None:
    """Let a category pass these gates and no others, as the page of gates would; Conflict where one would admit all."""
    with writing(db, GATES.permission, expo_id) as writer:
        terms = categories_of(writer.session, expo_id)
        if (term := terms.get(category)) is None:
            raise Conflict(_("这个词已被删除，数据未变。请刷新。"), "E-GONE")
        for gate in entrances_of(writer.session, expo_id):
            is_wanted = gate.id in gates
            if gate.admits(category) is is_wanted:
                continue
            only = frozenset(other.id for other in terms) if gate.only is None else gate.only
            left = only | {category} if is_wanted else only - {category}
            if not left:
                words = _("“{gate}”只让“{name}”进，去掉后谁都能进，数据未变。先在入口里给它别的类别。")
                raise Conflict(words.format(gate=gate.name, name=term.name), "E-GATE-EMPTY")
            names = LIST_MARK.join(other.name for other in terms if other.id in left)
            write_row(writer, GATES, {"categories": names}, gate.id)


# --- counting ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Counted:
    """Figures of an expo that hang on what its categories count as: persons, and visits of one person and day."""

    visitors: int
    trade_visitors: int
    visits: int


def effect_of(db: Database, expo_id: uuid.UUID, category_id: uuid.UUID, counts_as: CountsAs) -> tuple[Counted, Counted]:
    """What is counted now, and what would be if the category counted as `counts_as`."""
    with db.reading() as session:
        terms = categories_of(session, expo_id)
        changed = Terms(replace(t, counts_as=counts_as) if t.id == category_id else t for t in terms)
        scope = scope_of(session, expo_id)
        before, after = (read_attendance(session, scope, known) for known in (terms, changed))
    figures = ((seen.visitors, seen.trade_visitors, seen.visits) for seen in (before, after))
    now, then = (Counted(*(int(figure.value or 0) for figure in counted)) for counted in figures)
    return now, then


# --- quotas -----------------------------------------------------------------------------------------------------------
def with_quota(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Keys of the categories of an expo that have a rule of how many passes there are."""
    has_rule = _category.c.quota_area.is_not(None) | _category.c.quota_each.is_not(None)
    return select(_category.c.id).where(_category.c.expo_id == expo_id, has_rule)


def over_quota(db: Database, attendee_id: uuid.UUID) -> str:
    """What to say of a registration that is one too many of its organisation; empty where it is not."""
    with db.reading() as session:
        row = session.execute(
            select(_attendee.c.expo_id, _attendee.c.category_id, _attendee.c.organisation_id).where(
                _attendee.c.id == attendee_id
            )
        ).first()
        if row is None or row.organisation_id is None:
            return ""
        terms = categories_of(session, row.expo_id)
        here = {row.organisation_id}
        pair = (row.category_id, row.organisation_id)
        quota = _quotas(session, row.expo_id, terms, here).get(pair)
        have = _registered(session, row.expo_id, here)[pair]
        if quota is None or have <= quota:
            return ""
        table = ORGANISATIONS.table
        name = session.scalar(select(table.c.name).where(table.c.id == row.organisation_id)) or ""
    return _too_many(name, terms[row.category_id], quota, have)


def passes_of(
    session: Session, expo_id: uuid.UUID, category: CategoryTerm, organisations: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[int, int]]:
    """How many passes of a category each of these may have, and how many it has; without those that have no limit."""
    quotas = _quotas(session, expo_id, Terms((category,)), organisations)
    have = _registered(session, expo_id, organisations)
    return {pair[1]: (limit, have[pair]) for pair, limit in quotas.items()}


def _too_many(organisation: str, category: CategoryTerm, quota: int, have: int) -> str:
    words = _("“{organisation}”的{category}名额是 {quota} 个，现在登记了 {n} 个。照常登记，请和对方核对。")
    return words.format(organisation=organisation, category=category.label, quota=quota, n=have)


def notes_of_quotas(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows of a file that are more of their organisation and category than it may have go in with a note."""
    terms = categories_of(session, expo_id)
    if all(term.quota.of(Decimal(0)) is None and term.counts_as is not CountsAs.EXHIBITOR for term in terms):
        return rows
    fresh = [row for row in rows if row.outcome is Outcome.NEW and row.values.get("organisation_id")]
    table = ORGANISATIONS.table
    names = {row.values["organisation_id"] for row in fresh}
    known = {name: key for key, name in session.execute(select(table.c.id, table.c.name)) if name in names}
    quotas, have = _quotas(session, expo_id, terms, set(known.values())), _registered(session, expo_id, known.values())
    field, usual = spec.field("category_id"), spec.field("category_id").default
    noted = []
    for row in rows:
        organisation = known.get(row.values.get("organisation_id")) if row.outcome is Outcome.NEW else None
        category = terms.called(row.values.get(field.name)) or usual.of(terms)
        if organisation is None or category is None:
            noted.append(row)
            continue
        pair = category.id, organisation
        have[pair] += 1
        quota = quotas.get(pair)
        is_over = quota is not None and have[pair] > quota
        words = _too_many(row.values["organisation_id"], category, quota or 0, have[pair]) if is_over else ""
        noted.append(row.noted(field.title, words) if is_over else row)
    return tuple(noted)


def _registered(session: Session, expo_id: uuid.UUID, organisations: Iterable[uuid.UUID]) -> Counter[Pair]:
    """How many of a category each of these has registered."""
    keys = (_attendee.c.category_id, _attendee.c.organisation_id)
    here = (_attendee.c.expo_id == expo_id) & (_attendee.c.state != AttendeeState.CANCELLED)
    wanted, found = set(organisations), Counter[Pair]()
    for category, organisation, count in session.execute(select(*keys, func.count()).where(here).group_by(*keys)):
        if organisation in wanted:
            found[category, organisation] = count
    return found


def _quotas(
    session: Session, expo_id: uuid.UUID, terms: Terms[CategoryTerm], organisations: Collection[uuid.UUID]
) -> Mapping[Pair, int]:
    """How many of a category these may have; what has no limit is left out.

    An exhibitor's own number goes before the rule of the category that counts as exhibitors.
    """
    exhibitor, booth = Exhibitor.__table__, Booth.__table__
    area = select(func.sum(booth.c.area)).where(booth.c.exhibitor_id == exhibitor.c.id).scalar_subquery()
    stands = {
        organisation: (own, Decimal(metres or 0))
        for organisation, own, metres in session.execute(
            select(exhibitor.c.organisation_id, exhibitor.c.badge_quota, area).where(exhibitor.c.expo_id == expo_id)
        )
    }
    found: dict[Pair, int] = {}
    for organisation in organisations:
        own, metres = stands.get(organisation, (None, None))
        for term in terms:
            limit = own if own is not None and term.counts_as is CountsAs.EXHIBITOR else term.quota.of(metres)
            if limit is not None:
                found[term.id, organisation] = limit
    return found
