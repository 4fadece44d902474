"""From lists to badges: contacts of exhibitors and speakers of the programme become people registered for the expo.

Whoever cannot be is left out and named, with the reason: registered already, cancelled, more than the passes there are.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, UserError
from expo_app.i18n import N_, Labelled, _, named
from expo_app.model import (
    Attendee,
    AttendeeSource,
    AttendeeState,
    CountsAs,
    Exhibitor,
    ExhibitorState,
    ItemState,
    Organisation,
    Person,
    ProgrammeItem,
    Speaker,
)
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Terms
from expo_app.services.categories import passes_of
from expo_app.services.known_people import body_of, hold_registrations, names_of, told_apart
from expo_app.services.record_writer import in_parts, write_rows, writing
from expo_app.services.same_person import Sameness, Somebody, compare
from expo_app.services.words import categories_of
from expo_app.specs import ATTENDEES
from expo_app.specs.choices import Choices
from expo_app.specs.records import spoken
from expo_app.store.database import Database

Query = Select[*tuple[Any, ...]]
SPEAKERS_KEYS = ("speaker", "guest")
"""The categories an expo begins with for whoever speaks; the first of them that it offers."""


class Whom(Enum):
    """From which list people come."""

    CONTACTS = "contacts"
    """The main contact of each exhibitor."""
    EVERYBODY = "everybody"
    """And the other people known of its organisation, without those who speak."""
    SPEAKERS = "speakers"


class Why(Labelled):
    """Why somebody is not registered."""

    REGISTERED = N_("已登记")
    LIKELY = N_("可能已登记")
    WITHDRAWN = N_("登记已取消")
    CANCELLED = N_("已取消参展")
    NOT_HELD = N_("活动已取消")
    OVER = N_("超出名额")
    TWICE = N_("与另一行是同一人")
    NOBODY = N_("没有联系人")


@dataclass(frozen=True)
class Ticked:
    """What was chosen: exhibitors, or parts of speakers (None: all there are); the category (None: the usual one);
    people who are not to be registered, so that their passes are left to others.
    """

    whom: Whom
    ids: Sequence[uuid.UUID] | None = None
    category_id: uuid.UUID | None = None
    without: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be registered; `name` and `organisation` as they are read."""

    person_id: uuid.UUID
    name: str
    organisation: str
    title: str
    organisation_id: uuid.UUID | None
    exhibitor_id: uuid.UUID | None
    who: Somebody


@dataclass(frozen=True)
class LeftOut:
    """Who is not registered, and why; `detail`: the badge number, or how many passes there are."""

    name: str
    organisation: str
    why: Why
    detail: str = ""

    @property
    def reason(self) -> str:
        """已登记 EX26-E-00713; 超出名额（名额 3 个，已登记 3 人）."""
        return f"{self.why.label} {self.detail}".rstrip()


@dataclass(frozen=True)
class Intake:
    """Who would be registered in which category (None: the expo has none that fits), and who is left out.

    `unticked`: those of `Ticked.without` who could be registered. `others`: how many other people are known of the
    exhibitors' organisations.
    """

    category: CategoryTerm | None
    offered: tuple[CategoryTerm, ...]
    people: tuple[Candidate, ...]
    unticked: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    others: int = 0

    def is_within(self, shown: Intake) -> bool:
        """Whether nobody would be registered but as `shown`."""
        seen = {one.person_id: one for one in shown.people}
        is_same = self.category == shown.category
        return is_same and all(seen.get(one.person_id) == one for one in self.people)

    def said_of_quotas(self) -> list[str]:
        """For each organisation that has more people than passes, who is left out."""
        over: dict[tuple[str, str], list[str]] = {}
        for one in self.left_out:
            if one.why is Why.OVER:
                over.setdefault((one.organisation, one.detail), []).append(one.name)
        words = _("“{organisation}”的{category}{detail}，下列 {n} 人没有登记：{names}。")
        label = self.category.label if self.category else ""
        return [
            words.format(organisation=body, category=label, detail=detail, n=len(names), names=_("、").join(names))
            for (body, detail), names in over.items()
        ]


@dataclass(frozen=True)
class Registered:
    """Who is registered now, by id, and what was looked at for it."""

    attendee_ids: tuple[uuid.UUID, ...]
    intake: Intake


def look(db: Database, expo_id: uuid.UUID, ticked: Ticked) -> Intake:
    """What `register_people` would do."""
    with db.reading() as session:
        intake = _look(session, expo_id, ticked, _candidates(session, expo_id, ticked))
        if ticked.whom is Whom.SPEAKERS:
            return intake
        others = _of_others(expo_id).order_by(None).with_only_columns(func.count())
        return replace(intake, others=sum(row[0] for row in _rows(session, others, Exhibitor.id, ticked.ids)))


def register_people(db: Database, expo_id: uuid.UUID, ticked: Ticked, shown: Intake | None = None) -> Registered:
    """Register them, confirmed, in one act. UserError where no category fits, Conflict E-UNSEEN where anybody would
    be registered who is not in `shown`, or in another category.
    """
    with writing(db, "attendees.edit", expo_id) as writer:
        hold_registrations(writer, expo_id)
        found = _candidates(writer.session, expo_id, ticked)
        intake = _look(writer.session, expo_id, ticked, found)
        if intake.category is None:
            raise UserError(_no_category(ticked), "E-CATEGORY")
        if shown is not None and not intake.is_within(shown):
            raise Conflict(_("名单刚刚被别处改过，没有登记任何人，数据未变。请再核对一遍。"), "E-UNSEEN")
        rows = [
            {
                "person_id": one.person_id,
                "organisation_id": one.organisation_id,
                "exhibitor_id": one.exhibitor_id,
                "title": one.title,
                "category_id": intake.category.id,
                "state": AttendeeState.CONFIRMED,
                "source": AttendeeSource.MANUAL,
            }
            for one in intake.people
        ]
        return Registered(tuple(write_rows(writer, ATTENDEES, [(None, row, 0) for row in rows])), intake)


def _no_category(ticked: Ticked) -> str:
    if ticked.whom is Whom.SPEAKERS:
        return _("参会类别里没有给嘉宾的，没有登记任何人，数据未变。选一个类别再登记。")
    return _("参会类别里没有计为“参展方”的，没有登记任何人，数据未变。先在类目里加一个。")


def choices_for_staff(db: Database, exhibitor_id: uuid.UUID) -> Choices:
    """How a list of an exhibitor's people is read: all are of its organisation, in the category of exhibitors and
    confirmed where a row does not say otherwise. Conflict if it is gone.
    """
    joined = select(Exhibitor.expo_id, Organisation.name).join(Organisation)
    with db.reading() as session:
        row = session.execute(joined.where(Exhibitor.id == exhibitor_id)).first()
        if row is None:
            raise Conflict(_("这家参展商已被删除，数据未变。请刷新。"), "E-GONE")
        category = _usual(categories_of(session, row.expo_id), Whom.CONTACTS)
    usual = {"state": AttendeeState.CONFIRMED.label} | ({"category_id": category.name} if category else {})
    return Choices(fixed={"organisation_id": row.name}, usual=usual)


# --- who --------------------------------------------------------------------------------------------------------------
@dataclass
class _Found:
    people: list[Candidate] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def _candidates(session: Session, expo_id: uuid.UUID, ticked: Ticked) -> _Found:
    """The people of the list, the most important of each organisation first."""
    found = _Found()
    if ticked.whom is Whom.SPEAKERS:
        _speakers(session, expo_id, ticked.ids, found)
    else:
        _contacts(session, expo_id, ticked.ids, found)
    if ticked.whom is Whom.EVERYBODY:
        _others(session, expo_id, ticked.ids, found)
    return found


_OF_PERSON = (
    Person.id.label("person_id"), Person.name, Person.name_en, Person.aliases, Person.title, Person.phone, Person.email,
    Organisation.name.label("body"), Organisation.aliases.label("body_aliases"),
)  # fmt: skip


def _rows(session: Session, query: Query, column: Any, ids: Sequence[uuid.UUID] | None) -> list[Row[Any]]:
    """The rows of a query for these records, or for all of them."""
    asked = [query] if ids is None else [query.where(column.in_(part)) for part in in_parts(ids)]
    return [row for one in asked for row in session.execute(one)]


def _candidate(row: Row[Any], organisation_id: uuid.UUID | None, exhibitor_id: uuid.UUID | None) -> Candidate:
    return Candidate(
        row.person_id, named(row.name, row.name_en), row.organisation or "", row.title, organisation_id, exhibitor_id,
        _who(row),
    )  # fmt: skip


def _who(row: Row[Any]) -> Somebody:
    return Somebody(names_of(row), body_of(row.body, row.body_aliases), row.phone or "", (row.email or "").casefold())


def _contacts(session: Session, expo_id: uuid.UUID, ids: Sequence[uuid.UUID] | None, found: _Found) -> None:
    query = (
        select(
            Exhibitor.id, Exhibitor.state, Exhibitor.organisation_id, spoken(Organisation).label("organisation"),
            *_OF_PERSON,
        )
        .join(Organisation, Organisation.id == Exhibitor.organisation_id)
        .outerjoin(Person, Person.id == Exhibitor.contact_id)
        .where(Exhibitor.expo_id == expo_id)
        .order_by(Organisation.name)
    )  # fmt: skip
    for row in _rows(session, query, Exhibitor.id, ids):
        if row.state is ExhibitorState.CANCELLED:
            found.left_out.append(LeftOut(named(row.name or "", row.name_en), row.organisation, Why.CANCELLED))
        elif row.person_id is None:
            found.left_out.append(LeftOut("", row.organisation, Why.NOBODY))
        else:
            found.people.append(_candidate(row, row.organisation_id, row.id))


def _others(session: Session, expo_id: uuid.UUID, ids: Sequence[uuid.UUID] | None, found: _Found) -> None:
    rows = _rows(session, _of_others(expo_id), Exhibitor.id, ids)
    found.people += [_candidate(row, row.organisation_id, row.id) for row in rows]


def _of_others(expo_id: uuid.UUID) -> Query:
    """People of exhibitors' organisations who are not their main contacts and do not speak."""
    speaks = select(Speaker.id).join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
    speaks = speaks.where(Speaker.person_id == Person.id, ProgrammeItem.expo_id == expo_id)
    return (
        select(Exhibitor.id, Exhibitor.organisation_id, spoken(Organisation).label("organisation"), *_OF_PERSON)
        .join(Organisation, Organisation.id == Exhibitor.organisation_id)
        .join(Person, Person.organisation_id == Exhibitor.organisation_id)
        .where(
            Exhibitor.expo_id == expo_id,
            Exhibitor.state != ExhibitorState.CANCELLED,
            Person.id.is_distinct_from(Exhibitor.contact_id),
            ~speaks.exists(),
        )
        .order_by(Organisation.name, Person.name, Person.id)
    )


def _speakers(session: Session, expo_id: uuid.UUID, ids: Sequence[uuid.UUID] | None, found: _Found) -> None:
    """Each person once, however many parts of theirs were ticked; not who has none but in items that are cancelled."""
    query = (
        select(
            ProgrammeItem.state, spoken(ProgrammeItem, "title").label("item"), Person.organisation_id,
            spoken(Organisation).label("organisation"), *_OF_PERSON,
        )
        .select_from(Speaker)
        .join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
        .join(Person, Person.id == Speaker.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(ProgrammeItem.expo_id == expo_id)
        .order_by(Person.name, Person.id)
    )  # fmt: skip
    rows = _rows(session, query, Speaker.id, ids)
    held = {row.person_id: row for row in reversed(rows) if row.state is not ItemState.CANCELLED}
    found.people += [_candidate(row, row.organisation_id, None) for row in reversed(held.values())]
    found.left_out += [
        LeftOut(named(row.name, row.name_en), row.organisation or "", Why.NOT_HELD, row.item)
        for row in {row.person_id: row for row in rows if row.person_id not in held}.values()
    ]


# --- who is left out --------------------------------------------------------------------------------------------------
def _look(session: Session, expo_id: uuid.UUID, ticked: Ticked, found: _Found) -> Intake:
    categories = categories_of(session, expo_id)
    category = categories.get(ticked.category_id) or _usual(categories, ticked.whom)
    people, unticked, left_out = list[Candidate](), list[Candidate](), list(found.left_out)
    apart = told_apart(session, {one.person_id for one in found.people})
    known, seen = _There(apart, _registered(session, expo_id, found.people)), _There(apart)
    bodies = {one.organisation_id for one in found.people if one.organisation_id}
    passes = passes_of(session, expo_id, category, bodies) if category else {}
    taken: Counter[uuid.UUID | None] = Counter()
    for one in found.people:
        there = known.find(one) or seen.find(one)
        quota = passes.get(one.organisation_id) if one.organisation_id else None
        if there is not None:
            left_out.append(LeftOut(one.name, one.organisation, *there))
        elif one.person_id in ticked.without:
            unticked.append(one)
        elif quota is not None and quota[1] + taken[one.organisation_id] >= quota[0]:
            said = _("名额 {quota} 个，已登记 {n} 人").format(quota=quota[0], n=quota[1])
            left_out.append(LeftOut(one.name, one.organisation, Why.OVER, said))
        else:
            taken[one.organisation_id] += 1
            people.append(one)
            seen.add(_Taken(one.person_id, one.who, Why.TWICE, one.organisation))
    offered = (term for term in categories.offered if _fits(term, ticked.whom))
    return Intake(category, tuple(offered), tuple(people), tuple(unticked), tuple(left_out))


def _fits(category: CategoryTerm, whom: Whom) -> bool:
    return whom is Whom.SPEAKERS or category.counts_as is CountsAs.EXHIBITOR


def _usual(categories: Terms[CategoryTerm], whom: Whom) -> CategoryTerm | None:
    """The first category offered that counts as exhibitors; for speakers the one programs know as theirs."""
    if whom is not Whom.SPEAKERS:
        return next((term for term in categories.offered if _fits(term, whom)), None)
    keyed = (next((term for term in categories.offered if term.key == key), None) for key in SPEAKERS_KEYS)
    return next(filter(None, keyed), None)


class _Taken(NamedTuple):
    """Somebody who is registered, or will be in this act."""

    person_id: uuid.UUID
    who: Somebody
    why: Why
    detail: str


class _There:
    """Those by what they are found by: themselves, a name, a number, an address. `apart`: pairs told apart."""

    def __init__(self, apart: Collection[tuple[uuid.UUID, uuid.UUID]], people: Iterable[_Taken] = ()) -> None:
        self._apart = apart
        self._by: dict[object, list[_Taken]] = {}
        for one in people:
            self.add(one)

    def add(self, one: _Taken) -> None:
        for key in (one.person_id, *_keys(one.who)):
            self._by.setdefault(key, []).append(one)

    def find(self, wanted: Candidate) -> tuple[Why, str] | None:
        """Why somebody is not registered again: who is the same, else who is registered and probably the same."""
        if same := self._by.get(wanted.person_id):
            return same[0].why, same[0].detail
        near = {id(one): one for key in _keys(wanted.who) for one in self._by.get(key, ())}
        told = (one for one in near.values() if tuple(sorted((one.person_id, wanted.person_id))) not in self._apart)
        compared = ((compare(wanted.who, one.who), one) for one in told)
        known = [(found, one) for found, one in compared if found.how >= _LEAST.get(one.why, Sameness.LISTED)]
        if not known:
            return None
        found, one = max(known, key=lambda pair: pair[0][:2])
        if found.how >= Sameness.LISTED:
            return one.why, one.detail
        return Why.LIKELY, _("{number}（{why}）").format(number=one.detail, why=found.why)


_LEAST = {Why.REGISTERED: Sameness.LIKELY}
"""A second badge is what somebody should look at first."""


def _keys(who: Somebody) -> Iterator[str]:
    """Those who may be one have one of these in common."""
    yield from who.spellings
    yield from filter(None, (who.phone, who.email))


def _registered(session: Session, expo_id: uuid.UUID, people: Sequence[Candidate]) -> list[_Taken]:
    """Who is registered among those who may be these people; registrations in force first."""
    query: Query = (
        select(
            Attendee.person_id, Attendee.state, Attendee.badge_no, Person.name, Person.name_en, Person.aliases,
            Person.phone, Person.email, Organisation.name.label("body"), Organisation.aliases.label("body_aliases"),
        )
        .join(Person, Person.id == Attendee.person_id)
        .outerjoin(Organisation, Organisation.id == func.coalesce(Attendee.organisation_id, Person.organisation_id))
        .where(Attendee.expo_id == expo_id)
    )  # fmt: skip
    asked: tuple[tuple[Any, set[Any]], ...] = (
        (Attendee.person_id, {one.person_id for one in people}),
        (Person.phone, {one.who.phone for one in people if one.who.phone}),
        (func.lower(Person.email), {one.who.email for one in people if one.who.email}),
        (Organisation.id, {one.organisation_id for one in people if one.organisation_id}),
    )
    rows = {row.badge_no: row for column, values in asked for row in _rows(session, query, column, list(values))}
    found = []
    for row in sorted(rows.values(), key=lambda row: row.state is AttendeeState.CANCELLED):
        why = Why.WITHDRAWN if row.state is AttendeeState.CANCELLED else Why.REGISTERED
        found.append(_Taken(row.person_id, _who(row), why, row.badge_no))
    return found
