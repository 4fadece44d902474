"""Records that are probably one: the suspects of a list, what is being typed, and what somebody said about them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable, sound
from expo_app.i18n import _
from expo_app.memory import no_collection
from expo_app.model import Attendee, AttendeeState, Badge, Exhibitor, Expo, NotSame, Organisation, Person, new_id
from expo_app.rules import likeness
from expo_app.rules.likeness import Body, Pair, Someone
from expo_app.rules.likeness_words import SHORTENED
from expo_app.rules.masks import mask_phone
from expo_app.rules.name_parts import take_apart
from expo_app.rules.person_names import person_key
from expo_app.rules.regions import region_name, short_name
from expo_app.rules.search_key import search_term, spelling
from expo_app.services.record_rules import Known
from expo_app.services.record_writer import writing
from expo_app.services.records import links
from expo_app.specs import ATTENDEES, EXHIBITORS, ORGANISATIONS, PEOPLE, RecordSpec
from expo_app.specs.names import name_key
from expo_app.specs.people import is_in_hand
from expo_app.store.database import Database

_apart = NotSame.__table__
_organisation, _person, _attendee = Organisation.__table__, Person.__table__, Attendee.__table__
PairOfIds = tuple[uuid.UUID, uuid.UUID]
Progress = Callable[[int, int, str], None]
"""(done, of how many, what is being done): raises where somebody cancelled."""
MOST = 2_000
"""Records that are looked at while somebody types."""
SURE_ALL = likeness.SURE_ALL
"""From here on suspects may be merged all at once."""
SHOWN = 3
"""Known ones that are offered for what is being typed."""


@dataclass(frozen=True)
class Suspect:
    """Two records that are probably one. `keep`: the one suggested to stay; `names` and `details` are its first.

    `likeness` 0 to 1; from `SURE_ALL` on they may be merged without a look at each. `why` is a reason, no sentence.
    """

    keep: uuid.UUID
    other: uuid.UUID
    names: tuple[str, str]
    likeness: float
    why: str
    details: tuple[str, str] = ("", "")
    """What tells the two apart: region and credit code, organisation, masked telephone number, badge number."""


def suspects(
    db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None, progress: Progress | None = None
) -> list[Suspect]:
    """Records of organisations, people (of the whole file) or attendees (of one expo) that are probably one.

    The likeliest first; without those that somebody said are not the same, and none of a sample with a real one. All
    that are surely one have the same `keep`, so that they can be merged in any order; what follows from likelier pairs
    is offered once these are merged. Slow enough for a worker.
    """
    tell = progress or (lambda _n, _total, _step: None)
    with no_collection():
        with db.reading() as session:
            records = _read(session, spec, expo_id)
            bodies = [] if spec is ORGANISATIONS else _bodies(_read(session, ORGANISATIONS, None))
            apart = set(sound(session.execute(select(_apart.c.one_id, _apart.c.other_id))))
            weights = _weights(session, spec)
        near = _near(_people(records), bodies, tell)
        result = []
        for is_sample in (False, True):
            some = [record for record in records if record.is_sample is is_sample]
            at: dict[uuid.UUID | None, list[int]] = {}  # registrations of people told apart are told apart
            for n, record in enumerate(some):
                for key in (record.id, record.person):
                    at.setdefault(key, []).append(n)
            not_same = {
                (min(n, m), max(n, m)) for one, other in apart for n in at.get(one, ()) for m in at.get(other, ())
            }

            def better(n: int, some: Sequence[_Record] = some) -> tuple[Any, ...]:
                return _order(some[n], weights)

            pairs = likeness.folded(_pairs(some, near, tell), better, not_same, strict=spec is ORGANISATIONS)
            result += [_suspect(some[pair.one], some[pair.other], pair) for pair in pairs]
    return sorted(result, key=lambda each: (-each.likeness, each.names, each.keep, each.other))


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as it is compared. `what`: an organisation or a person; `merit`: why it should rather stay."""

    id: uuid.UUID
    what: Body | Someone
    detail: Callable[[], str]
    is_sample: bool
    merit: tuple[bool, ...] = ()
    person: uuid.UUID | None = None
    """Whose registration it is."""


def _pairs(records: Sequence[_Record], near: likeness.Near, progress: Progress) -> list[Pair]:
    if bodies := _bodies(records):
        return likeness.pairs(bodies, partial(_told, progress, _("比较单位")))
    found = likeness.pairs_of_people(_people(records), near, partial(_told, progress, _("比较人员")))
    return _registered_twice(records, found)


def _told(progress: Progress, step: str, n: int, total: int) -> None:
    progress(n, total, step)


def _bodies(records: Iterable[_Record]) -> list[Body]:
    return [one.what for one in records if isinstance(one.what, Body)]


def _people(records: Iterable[_Record]) -> list[Someone]:
    return [one.what for one in records if isinstance(one.what, Someone)]


def _near(people: Iterable[Someone], bodies: Iterable[Body], progress: Progress) -> dict[str, set[str]]:
    """Organisations of these people that are probably one."""
    named = {one.organisation for one in people}
    bodies = [body for body in bodies if body.name in named]
    near: dict[str, set[str]] = {}
    for pair in likeness.pairs(bodies, partial(_told, progress, _("比较单位"))):
        if pair.likeness >= likeness.LEAST:
            one, other = bodies[pair.one].name, bodies[pair.other].name
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    return near


def _registered_twice(records: Sequence[_Record], found: list[Pair]) -> list[Pair]:
    """Two registrations of one person are surely one, whatever they say."""
    by_person: dict[uuid.UUID, list[int]] = {}
    for at, record in enumerate(records):
        if record.person is not None:
            by_person.setdefault(record.person, []).append(at)
    twice = [
        Pair(places[0], other, 1.0, _("同一个人登记了两次")) for places in by_person.values() for other in places[1:]
    ]
    known = {(pair.one, pair.other) for pair in twice}
    return twice + [pair for pair in found if (pair.one, pair.other) not in known]


def _suspect(keep: _Record, other: _Record, pair: Pair) -> Suspect:
    names = keep.what.name, other.what.name
    return Suspect(keep.id, other.id, names, pair.likeness, pair.why, (keep.detail(), other.detail()))


def _order(record: _Record, weights: Mapping[uuid.UUID, int]) -> tuple[Any, ...]:
    """Which should rather stay, the first: by merit, by how much refers to it, the older."""
    return (*(not good for good in record.merit), -weights.get(record.id, 0), record.id)


def _weights(session: Session, spec: RecordSpec) -> dict[uuid.UUID, int]:
    """How many records refer to each."""
    found: dict[uuid.UUID, int] = {}
    for is_part in (False, True):
        for table, column in links(spec.table, is_part):
            key = table.c[column]
            query = select(key, func.count()).where(key.is_not(None)).group_by(key)
            for record_id, count in sound(session.execute(query)):
                found[record_id] = found.get(record_id, 0) + count
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(
    session: Session, spec: RecordSpec, expo_id: uuid.UUID | None, only: ColumnElement[bool] | None = None
) -> list[_Record]:
    """The records by age, past what is damaged: one without a key or a name cannot be compared."""
    query, make = _READERS[spec.name]
    statement = query(session, expo_id)
    phones = {} if only is not None or spec is not ORGANISATIONS else _phones(session)
    rows = session.execute(statement if only is None else statement.where(only).limit(MOST))
    found = (make(row, phones) for row in rows if not (is_damaged(row.id) or is_damaged(row.name)))
    return sorted(found, key=lambda record: record.id)


def _organisations(_session: Session, _expo_id: uuid.UUID | None) -> Select[Any]:
    t = _organisation.c
    return select(t.id, t.name, t.short_name, t.name_en, t.aliases, t.credit_code, t.region_code, t.is_sample)


def _organisation_of(row: Any, phones: Mapping[uuid.UUID, frozenset[str]]) -> _Record:
    others = (readable(row.short_name), readable(row.name_en), *(readable(row.aliases) or ()))
    code, region = readable(row.credit_code), readable(row.region_code) or ""
    body = Body(row.name, tuple(filter(None, others)), code or None, phones.get(row.id, frozenset()), region)
    return _Record(row.id, body, partial(_joined, region and region_name(region), code), _flag(row), (bool(code),))


def _phones(session: Session) -> dict[uuid.UUID, frozenset[str]]:
    """Of each organisation the numbers of its people and of whom its exhibitors name."""
    found: dict[uuid.UUID, set[str]] = {}
    exhibitor = Exhibitor.__table__
    own = select(_person.c.organisation_id, _person.c.phone).where(_person.c.organisation_id.is_not(None))
    named = select(exhibitor.c.organisation_id, _person.c.phone).join(_person, _person.c.id == exhibitor.c.contact_id)
    for query in (own, named):
        for organisation_id, phone in sound(session.execute(query.where(_person.c.phone.is_not(None)))):
            found.setdefault(organisation_id, set()).add(phone)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def _everybody(_session: Session, _expo_id: uuid.UUID | None) -> Select[Any]:
    p = _person.c
    of = _organisation.c.name.label("organisation")
    joined = _person.outerjoin(_organisation, _organisation.c.id == p.organisation_id)
    return select(p.id, p.name, p.name_en, p.aliases, p.phone, p.email, of, p.is_sample).select_from(joined)


def _registered(session: Session, expo_id: uuid.UUID | None) -> Select[Any]:
    """Those of one expo that are not cancelled."""
    p, a, badge = _person.c, _attendee.c, Badge.__table__
    of = _organisation.c.name.label("organisation")
    joined = _attendee.join(_person, p.id == a.person_id)
    joined = joined.outerjoin(_organisation, _organisation.c.id == func.coalesce(a.organisation_id, p.organisation_id))
    valid = badge.c.attendee_id == a.id, badge.c.revoked_at.is_(None)
    in_hand = select(badge.c.id).where(*valid, is_in_hand()).exists().label("in_hand")
    has_badge = select(badge.c.id).where(*valid).exists().label("has_badge")
    query = select(
        a.id, p.name, p.name_en, p.aliases, p.phone, p.email, of, a.is_sample,
        a.badge_no, a.state, a.person_id, in_hand, has_badge,
    )  # fmt: skip
    return query.select_from(joined).where(a.expo_id == expo_id, a.state != AttendeeState.CANCELLED)


def _person_of(row: Any, _phones: Mapping[uuid.UUID, frozenset[str]]) -> _Record:
    phone, email, organisation = readable(row.phone), readable(row.email), readable(row.organisation) or ""
    others = tuple(filter(None, (readable(row.name_en), *(readable(row.aliases) or ()))))
    someone = Someone(row.name, organisation, _set(phone), _set(email and email.casefold()), others)
    return _Record(row.id, someone, partial(_of_person, organisation, phone), _flag(row))


def _attendee_of(row: Any, phones: Mapping[uuid.UUID, frozenset[str]]) -> _Record:
    record = _person_of(row, phones)
    merit = bool(row.in_hand), bool(row.has_badge), readable(row.state) is AttendeeState.CONFIRMED
    detail = partial(_joined, readable(row.badge_no), record.detail())
    return replace(record, merit=merit, detail=detail, person=readable(row.person_id))


def _of_person(organisation: str, phone: str | None) -> str:
    return _joined(organisation, mask_phone(phone))


def _joined(*parts: str | None) -> str:
    return " · ".join(filter(None, parts))


def _set(text: str | None) -> frozenset[str]:
    return frozenset((text,) if text else ())


def _flag(row: Any) -> bool:
    return bool(row.is_sample)


_READERS: dict[str, tuple[Callable[..., Select[Any]], Callable[..., _Record]]] = {
    ORGANISATIONS.name: (_organisations, _organisation_of),
    PEOPLE.name: (_everybody, _person_of),
    ATTENDEES.name: (_registered, _attendee_of),
}


# --- while somebody types ---------------------------------------------------------------------------------------------


def like_this(
    db: Database, spec: RecordSpec, values: Mapping[str, Any], expo_id: uuid.UUID | None = None
) -> list[Known]:
    """Organisations, people or an expo's attendees that a new record with these values probably is; of an exhibitor the
    organisations.

    The likeliest first, a few of them. What cannot be read yet says nothing. Asked of a form's values, in whatever
    spelling; quick, but for a worker.
    """
    if spec is EXHIBITORS:  # a known name is linked with its organisation
        own = {name.removeprefix(_BODY): value for name, value in values.items() if name.startswith(_BODY)}
        found_bodies = like_this(db, ORGANISATIONS, own, expo_id)
        return [known for known in found_bodies if name_key(known.name) != name_key(own["name"])]
    said = {name.removeprefix(_PERSON): _parsed(spec, name, value) for name, value in values.items()}
    if not said.get("name"):
        return []
    code, region = said.get("credit_code"), said.get("region_code") or ""
    body = Body(said["name"], _others(said), code, region=region)
    someone = Someone(
        said["name"], str(said.get("organisation_id") or ""), _set(said.get("phone")),
        _set(str(said.get("email") or "").casefold()), _others(said),
    )  # fmt: skip
    with db.reading() as session:
        only = _may_be(body) if spec is ORGANISATIONS else _may_be_person(someone)
        if expo_id is None or not session.scalar(select(Expo.is_sample).where(Expo.id == expo_id)):
            only = and_(only, spec.table.c.is_sample.is_(False))
        records = _read(session, spec, expo_id, only)
    if spec is ORGANISATIONS:
        found = likeness.alike_to(body, _bodies(records))
    else:
        found = likeness.people_alike_to(someone, _people(records), _near_of(someone, _people(records)))
    return [
        Known(spec, one.id, one.what.name, pair.likeness, pair.why, one.detail())
        for pair in found[:SHOWN]
        if (one := records[pair.other])
    ]


_BODY, _PERSON = "organisation.", "person."
"""What the names of an exhibitor's and an attendee's fields begin with."""


def _parsed(spec: RecordSpec, name: str, value: Any) -> Any:
    try:
        return spec.field(name).parse(value) if isinstance(value, str) else value
    except ValueError:
        return None  # said beside its field


def _others(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, (said.get("short_name"), said.get("name_en"), *(said.get("aliases") or ()))))


def _may_be(body: Body) -> ColumnElement[bool]:
    """What finds, among others, every organisation that one may be."""
    text = _organisation.c.search_text
    patterns = dict.fromkeys(pattern for name in (body.name, *body.aliases) for pattern in _patterns(name))
    found: list[ColumnElement[bool]] = [text.like(f"%{pattern}%", escape="\\") for pattern in patterns]
    if body.credit_code:
        found.append(_organisation.c.credit_code == body.credit_code)
    return or_(*found, false())


def _patterns(name: str) -> Iterable[str]:
    """Pieces of search words: of the trade name as it is written and as it sounds, and ends of short names."""
    parts = take_apart(name)
    core = search_term(parts.core)
    size = 5 if core.isascii() else 2
    for at in (0, 1) if parts.head > size else (0,) if parts.head or not parts.place else ():
        yield _escaped(core[at : at + size])
    if parts.head and len(core) >= _SOUNDS and not core.isascii():
        yield _escaped("".join(syllable[0] for syllable in spelling(core[:_SOUNDS])))
    for ending in SHORTENED.get(core[-1:], ()):
        yield f"{_escaped(core[0])}%{ending}"
    if parts.place and not parts.head:
        yield f"{short_name(parts.place)}%{_escaped(core[-1:])}"


_SOUNDS = 4
"""Characters whose first sounds tell a name."""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _may_be_person(someone: Someone) -> ColumnElement[bool]:
    p = _person.c
    name = search_term(person_key(likeness.person_core(someone.name))) or search_term(someone.name)
    found: list[ColumnElement[bool]] = [p.search_text.contains(name, autoescape=True)]
    found += [p.phone == phone for phone in someone.phones]
    found += [func.lower(p.email) == email for email in someone.emails]
    return or_(*found)


def _near_of(someone: Someone, people: Iterable[Someone]) -> dict[str, set[str]]:
    """Of the organisations of these people those that the one who is typed in may belong to."""
    if not someone.organisation:
        return {}
    bodies = [Body(name) for name in sorted({one.organisation for one in people} - {"", someone.organisation})]
    found = likeness.alike_to(Body(someone.organisation), bodies)
    return {someone.organisation: {bodies[pair.other].name for pair in found if pair.likeness >= likeness.LEAST}}


# --- what somebody said -----------------------------------------------------------------------------------------------


def set_apart(db: Database, spec: RecordSpec, pairs: Sequence[PairOfIds]) -> list[PairOfIds]:
    """These are not the same and are not offered again; those that were not known to be, the smaller key first."""
    with writing(db, spec.permission) as writer:
        wanted = {(min(pair), max(pair)) for pair in pairs}
        known = {(one, other) for one, other in writer.session.execute(select(_apart.c.one_id, _apart.c.other_id))}
        new = sorted(wanted - known)
        said = {"spec": spec.name, "at": writer.now, "operator": db.actor.name}
        writer.insert(_apart, [{"id": new_id(), "one_id": one, "other_id": other, **said} for one, other in new])
    return new


def offer_again(db: Database, spec: RecordSpec, pairs: Sequence[PairOfIds]) -> None:
    """The opposite: they may be the same after all."""
    with writing(db, spec.permission) as writer:
        for one, other in pairs:
            query = select(_apart).where(_apart.c.one_id == one, _apart.c.other_id == other)
            for row in writer.session.execute(query).mappings().all():
                writer.delete(_apart, row["id"], dict(row))
