"""What an area adds when its records are written: numbers, search words, steps, what lives in other tables.

`BEFORE` and `AFTER` map a spec's name to a function over all drafts of one write, so that one record and ten
thousand take the same path.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import (
    AttendeeSource,
    Booth,
    BoothMove,
    BoothState,
    Category,
    Counter,
    DealParty,
    DealStage,
    DealStep,
    Desk,
    Entry,
    Exhibitor,
    ExhibitorState,
    Expo,
    ExpoOrganiser,
    Gate,
    GateKind,
    Hall,
    ItemKind,
    Organisation,
    OrganiserRole,
    PartyRole,
    Person,
    ProgrammeItem,
    Room,
    Speaker,
    Zone,
    new_id,
)
from expo_app.rules import numbering
from expo_app.rules.search_key import search_key
from expo_app.services.record_writer import Draft, Hook, Writer, find_by, write_rows
from expo_app.specs import ORGANISATIONS, PEOPLE
from expo_app.specs.expo import ORGANISERS
from expo_app.specs.floor import state_problem
from expo_app.specs.floor_plan import NOISE
from expo_app.specs.organisations import split_names
from expo_app.specs.people import expo_days
from expo_app.specs.programme import LOCKED, PLACED, named_people, not_a_roadshow
from expo_app.store.engines import insert_into

CONSENT_VERSION = "2018-1"
"""Version of the privacy notice that a recorded consent refers to."""


def draw(writer: Writer, series: str, n: int = 1) -> int:
    """The first of `n` numbers of a series. The counter is part of this transaction, so there are no gaps;

    a staged write takes its block at once, in a transaction of its own.
    """
    table = Counter.__table__
    return _count(writer, series, 1 + n, table.c.next_no + n) - n


def _keep_clear(writer: Writer, series: str, given: int) -> None:
    """Number `given` was assigned by hand: what is drawn from now on is higher."""
    table = Counter.__table__
    _count(writer, series, given + 1, case((table.c.next_no > given, table.c.next_no), else_=given + 1))


def _count(writer: Writer, series: str, new: int, old: ColumnElement[int]) -> int:
    """Set a counter to `new` where there was none, else to `old`; what it holds then. One statement, so that two
    desks that draw the very first number at once do not collide."""
    if writer.staged:
        with writer.db.transaction() as session:
            return _upsert(session, series, new, old)
    return _upsert(writer.session, series, new, old)


def _upsert(session: Session, series: str, new: int, old: ColumnElement[int]) -> int:
    connection, table = session.connection(), Counter.__table__
    statement = insert_into(table, connection.dialect.name == "sqlite").values(id=new_id(), series=series, next_no=new)
    statement = statement.on_conflict_do_update(index_elements=["series"], set_={"next_no": old})
    return connection.execute(statement.returning(table.c.next_no)).scalar_one()


def _search_words(limit: int, *columns: str) -> Hook:
    """A hook that keeps `search_text` (so many characters) in step with these columns."""

    def hook(writer: Writer, drafts: list[Draft]) -> None:
        for draft in drafts:
            if draft.is_new or any(draft.changed(name) for name in columns):
                phone = draft.get("phone") if "phone" in columns else None
                words = [draft.get(name) for name in columns if name != "phone"]
                draft.values["search_text"] = search_key(*words, phone=phone, limit=limit)

    return hook


def _attendees(writer: Writer, drafts: list[Draft]) -> None:
    expo = writer.expo
    new = [d for d in drafts if d.is_new]
    unnumbered = [d for d in new if not d.values.get("badge_no")]
    if new and expo is None:
        raise ValueError("an attendee belongs to an expo")
    given = [numbering.parse_badge_no(d.values["badge_no"]) for d in new if d.values.get("badge_no")]
    own = [number for code, _letter, number in filter(None, given) if expo and code == expo.code]
    if own and expo is not None:
        _keep_clear(writer, f"badge {expo.code}", max(own))
    if unnumbered and expo is not None:
        first = draw(writer, f"badge {expo.code}", len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            category = draft.values.get("category") or Category.VISITOR
            draft.values["badge_no"] = numbering.badge_no(expo.code, category.letter, n)
    standing = _exhibitors_of(writer, (d.get("organisation_id") for d in drafts))
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("registered_at", writer.now)
            draft.values.setdefault("source", AttendeeSource.IMPORT if draft.row else AttendeeSource.MANUAL)
        if draft.values.get("valid_days"):
            draft.values["valid_days"] = _days(writer, draft)
        if "consent" in draft.virtual and bool(draft.virtual["consent"]) != (draft.get("consent_at") is not None):
            agreed = bool(draft.virtual["consent"])
            draft.values["consent_at"] = writer.now if agreed else None
            draft.values["consent_version"] = CONSENT_VERSION if agreed else ""
        if draft.get("category") is Category.EXHIBITOR and draft.get("exhibitor_id") is None:
            draft.values["exhibitor_id"] = standing.get(draft.get("organisation_id"))


def _exhibitors_of(writer: Writer, organisations: Iterable[uuid.UUID | None]) -> dict[Any, uuid.UUID]:
    """Exhibitor of this expo by organisation."""
    wanted = {o for o in organisations if o}
    if not wanted or writer.expo is None:
        return {}
    table = Exhibitor.__table__
    rows = writer.session.execute(select(table.c.organisation_id, table.c.id).where(table.c.expo_id == writer.expo.id))
    return {row[0]: row[1] for row in rows if row[0] in wanted}


def _days(writer: Writer, draft: Draft) -> list[str]:
    try:
        return expo_days(draft.values["valid_days"], writer.facts)
    except ValueError as problem:
        raise InvalidRecord({"valid_days": str(problem)}, draft.row) from None


def _exhibitors(writer: Writer, drafts: list[Draft]) -> None:
    mains = _main_exhibitors(writer, drafts)
    for draft in drafts:
        is_here = draft.changed("state") and draft.get("state") is ExhibitorState.ARRIVED
        if is_here and not draft.row and draft.get("arrived_at") is None:  # a file that does not say when is not asked
            draft.values["arrived_at"] = writer.now
        if draft.virtual.get("main"):
            draft.values["main_id"] = _main_exhibitor(draft, mains)


def _main_exhibitors(writer: Writer, drafts: list[Draft]) -> dict[str, uuid.UUID]:
    """The exhibitors named as main ones, by name: there already, or coming in the same file."""
    names = {draft.virtual["main"] for draft in drafts if draft.virtual.get("main")}
    organisations = find_by(writer, ORGANISATIONS, "name", names) if names else {}
    beside = {draft.get("organisation_id"): draft.record_id for draft in drafts}
    there = beside | _exhibitors_of(writer, organisations.values())
    return {name: there[organisation] for name, organisation in organisations.items() if organisation in there}


def _main_exhibitor(draft: Draft, mains: Mapping[str, uuid.UUID]) -> uuid.UUID:
    name = draft.virtual["main"]
    main = mains.get(name)
    if main == draft.record_id:
        raise InvalidRecord({"main": _("联合参展于的应是另一家单位。")}, draft.row)
    if main is None:
        raise InvalidRecord({"main": _("没有参展商“{name}”。").format(name=name)}, draft.row)
    return main


def _exhibitor_booths(writer: Writer, drafts: list[Draft]) -> None:
    """Assign the booths named in 展位, vacate those no longer named."""
    wanted = {d.record_id: booth_numbers(d.virtual["booths"] or "") for d in drafts if d.gives("booths")}
    if not wanted or writer.expo is None:
        return
    table = Booth.__table__
    rows = writer.session.execute(select(table).where(table.c.expo_id == writer.expo.id)).mappings()
    booths = {row["number"]: dict(row) for row in rows}
    for draft in drafts:
        if draft.record_id not in wanted:
            continue
        numbers = wanted[draft.record_id]
        for number, booth in booths.items():
            if booth["exhibitor_id"] == draft.record_id and number not in numbers:
                assign_booth(writer, booth, None, draft.row)
        for number in numbers:
            if number not in booths:
                raise InvalidRecord({"booths": _("没有展位“{number}”。").format(number=number)}, draft.row)
            booth = booths[number]
            if booth["exhibitor_id"] not in (None, draft.record_id):
                words = _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)
                raise InvalidRecord({"booths": words}, draft.row)
            if booth["exhibitor_id"] is None:
                assign_booth(writer, booth, draft.record_id, draft.row)
                booths[number] = {**booth, "exhibitor_id": draft.record_id}


def booth_numbers(text: str) -> list[str]:
    """Numbers of booths separated by 、 or anything like it."""
    return [part for part in re.split(r"[、,，;；\s]+", text.upper()) if part]


def assign_booth(writer: Writer, booth: Mapping[str, Any], exhibitor_id: uuid.UUID | None, row: int = 0) -> None:
    """Give a booth to an exhibitor, or vacate it (None), and keep the move in its history."""
    state = BoothState.FREE if exhibitor_id is None else BoothState.CONFIRMED
    writer.update(Booth.__table__, booth["id"], booth, {"exhibitor_id": exhibitor_id, "state": state}, row)
    move = {
        "id": new_id(), "booth_id": booth["id"], "exhibitor_id": exhibitor_id,
        "at": writer.now, "operator": writer.db.actor.name,
    }  # fmt: skip
    writer.insert(BoothMove.__table__, [move])


def _programme(writer: Writer, drafts: list[Draft]) -> None:
    """A locked item stays where it is; start, end and minutes agree; the search words follow the title."""
    for draft in drafts:
        moved = [name for name in PLACED if draft.changed(name)]
        if draft.old is not None and draft.old["is_locked"] and moved:
            raise InvalidRecord({moved[0]: _(LOCKED)}, draft.row)
        start, end = draft.get("starts_at"), draft.get("ends_at")
        if start and ((draft.changed("minutes") and not draft.changed("ends_at")) or end is None):
            draft.values["ends_at"] = start + timedelta(minutes=draft.get("minutes") or 90)
        elif start and end and end > start:
            draft.values["minutes"] = int((end - start).total_seconds() // 60)
    _search_words(800, "title", "title_en", "host")(writer, drafts)


def _speakers(writer: Writer, drafts: list[Draft]) -> None:
    """Speakers as listed in 嘉宾, in that order; people are found by name and organisation, or made."""
    for draft in drafts:
        if not draft.gives("speakers"):
            continue
        wanted: list[uuid.UUID] = []
        for name, organisation in named_people(draft.virtual["speakers"] or ""):
            found = person_of(writer, {"name": name, "organisation_id": organisation})
            wanted += [found] if found not in wanted else []
        _sync_children(
            writer, Speaker.__table__, "item_id", draft,
            [{"person_id": person, "position": n} for n, person in enumerate(wanted)], ("person_id",),
        )  # fmt: skip


def person_of(writer: Writer, values: dict[str, Any]) -> uuid.UUID:
    """The person of that name (and organisation, a name, where given), found or made from these values."""
    table, organisation = Person.__table__, Organisation.__table__
    query = select(table.c.id).where(table.c.name == values["name"])
    if values["organisation_id"]:
        query = query.join(organisation, organisation.c.id == table.c.organisation_id).where(
            organisation.c.name == values["organisation_id"]
        )
    found = writer.session.execute(query.limit(1)).scalar() or next(
        (row["id"] for row in writer.pending(table) if row["name"] == values["name"]), None
    )
    return found or write_rows(writer, PEOPLE, [(None, values, 0)])[0]


def _pitches(writer: Writer, drafts: list[Draft]) -> None:
    """Results are pitched in a roadshow."""
    table = ProgrammeItem.__table__
    items = {draft.get("item_id") for draft in drafts if draft.changed("item_id")}
    query = select(table.c.id, table.c.title).where(table.c.id.in_(items), table.c.kind != ItemKind.ROADSHOW)
    others = dict(writer.session.execute(query).all())
    for draft in drafts:
        if draft.changed("item_id") and draft.get("item_id") in others:
            raise InvalidRecord({"item_id": not_a_roadshow(others[draft.get("item_id")])}, draft.row)


def _booths(writer: Writer, drafts: list[Draft]) -> None:
    _booth_states(writer, drafts)
    _booths_in_hall(writer, [draft for draft in drafts if not draft.row])  # of a file the plan names what lies outside


def _booths_in_hall(writer: Writer, drafts: list[Draft]) -> None:
    """Whoever puts a booth somewhere puts it inside the hall of its zone."""
    hall, zone = Hall.__table__, Zone.__table__
    for draft in drafts:
        if not any(draft.changed(name) for name in ("zone_id", "x", "y", "width", "depth")):
            continue
        query = select(hall.c.name, hall.c.width, hall.c.depth).join(zone, zone.c.hall_id == hall.c.id)
        found = writer.session.execute(query.where(zone.c.id == draft.get("zone_id"))).one()
        box = {name: float(draft.get(name) or 0) for name in ("x", "y", "width", "depth")}
        words = _("超出 {hall}（宽 {width} m，深 {depth} m）。")
        words = words.format(hall=found.name, width=f"{found.width:g}", depth=f"{found.depth:g}")
        sides = (("x", "width", found.width), ("y", "depth", found.depth))
        problems = {at: words for at, size, room in sides if box[at] + box[size] > room + NOISE}
        if problems:
            raise InvalidRecord(problems)


def _booth_states(_writer: Writer, drafts: list[Draft]) -> None:
    """A booth's state follows who stands in it."""
    for draft in drafts:
        if draft.changed("state") and (problem := state_problem(draft.get("state"), bool(draft.get("exhibitor_id")))):
            raise InvalidRecord({"state": problem}, draft.row)


def _sync_children(
    writer: Writer, table: Any, link: str, draft: Draft, wanted: list[dict[str, Any]], same: tuple[str, ...]
) -> None:
    """Rows of `table` that hang on the draft become exactly `wanted`; rows equal in `same` are kept and updated."""
    found = writer.session.execute(select(table).where(table.c[link] == draft.record_id)).mappings().all()
    present = {tuple(row[name] for name in same): dict(row) for row in found}
    for row in wanted:
        key = tuple(row[name] for name in same)
        if key in present:
            old = present.pop(key)
            writer.update(table, old["id"], old, row, draft.row)
        else:
            values = {"id": new_id(), link: draft.record_id, **_child_defaults(writer, table), **row}
            writer.insert(table, [values])
    for old in present.values():
        writer.delete(table, old["id"], old)


def _child_defaults(writer: Writer, table: Any) -> dict[str, Any]:
    return {"is_sample": writer.in_sample} if "is_sample" in table.c else {}


def _deals(writer: Writer, drafts: list[Draft]) -> None:
    expo = writer.expo
    unnumbered = [d for d in drafts if d.is_new and not d.values.get("deal_no")]
    if expo is not None:
        prefix = numbering.deal_prefix(expo.code, expo.starts_on.year)
        texts = [d.values["deal_no"] for d in drafts if d.is_new and d.values.get("deal_no")]
        given = [parsed[2] for text in texts if text.startswith(prefix) and (parsed := numbering.parse_deal_no(text))]
        if given:
            _keep_clear(writer, f"deal {expo.code}", max(given))
    if unnumbered and expo is not None:
        first = draw(writer, f"deal {expo.code}", len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values["deal_no"] = numbering.deal_no(expo.code, expo.starts_on.year, n)
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("created_at", writer.now)
            draft.values.setdefault("entry", Entry.CHECK if draft.row else Entry.DRAFT)
    _search_words(1200, "title", "contract_no", "witness")(writer, drafts)


PARTY_FIELDS = {"sellers": PartyRole.SELLER, "buyers": PartyRole.BUYER, "others": PartyRole.PARTY}


def _deal_parties(writer: Writer, drafts: list[Draft]) -> None:
    """Parties as entered (roles not entered stay as they are), and a step whenever stage or entry changed."""
    _sync_bodies(writer, DealParty.__table__, "deal_id", drafts, PARTY_FIELDS)
    for draft in drafts:
        if draft.is_new or draft.changed("stage") or draft.changed("entry"):
            step = {
                "id": new_id(), "deal_id": draft.record_id, "stage": draft.get("stage") or DealStage.SIGNED,
                "entry": draft.get("entry") or Entry.DRAFT, "at": writer.now, "on_date": draft.get("signed_on"),
                "operator": writer.db.actor.name, "reason": "",
            }  # fmt: skip
            writer.insert(DealStep.__table__, [step])


def _sync_bodies(
    writer: Writer, table: Any, link: str, drafts: list[Draft], fields: Mapping[str, PartyRole | OrganiserRole]
) -> None:
    """Organisations named in `fields`, each for a role, hang on the drafts by `table`, in that order."""
    named = [
        {role: split_names(draft.virtual[field] or "") for field, role in fields.items() if draft.gives(field)}
        for draft in drafts
    ]
    ids = _organisations(writer, {name for given in named for names in given.values() for name in names})
    for draft, given in zip(drafts, named, strict=True):
        if not given:
            continue
        rows: list[dict[str, Any]] = []
        if not draft.is_new:
            rest = select(table).where(table.c[link] == draft.record_id, table.c.role.not_in(given))
            kept = writer.session.execute(rest).mappings()
            rows = [{name: row[name] for name in ("organisation_id", "role", "position")} for row in kept]
        for role, names in given.items():
            rows += [{"organisation_id": ids[name], "role": role, "position": n} for n, name in enumerate(names)]
        _sync_children(writer, table, link, draft, rows, ("organisation_id", "role"))


def _organisations(writer: Writer, names: set[str]) -> dict[str, uuid.UUID]:
    """Ids by name; unknown ones are made."""
    if not names:
        return {}
    known = find_by(writer, ORGANISATIONS, "name", names)
    missing = sorted(names - known.keys())
    made = write_rows(writer, ORGANISATIONS, [(None, {"name": name}, 0) for name in missing]) if missing else []
    return known | dict(zip(missing, made, strict=True))


def _expo_gates(writer: Writer, drafts: list[Draft]) -> None:
    """A default entrance with one desk, and one gate per room, exist from the start."""
    for draft in drafts:
        if draft.is_new:
            gate = {"id": new_id(), "expo_id": draft.record_id, "name": _("主入口"), "kind": GateKind.ENTRANCE,
                    "room_id": None, "opens": None, "closes": None, "categories": None, "is_default": True}  # fmt: skip
            writer.insert(Gate.__table__, [gate])
            desk = {"id": new_id(), "expo_id": draft.record_id, "gate_id": gate["id"], "name": _("01 号台")}
            writer.insert(Desk.__table__, [desk])
        if draft.is_new or draft.changed("venue_id"):
            _room_gates(writer, draft.record_id, draft.get("venue_id"))


def _expo_records(writer: Writer, drafts: list[Draft]) -> None:
    _expo_gates(writer, drafts)
    _expo_organisers(writer, drafts)


def _expo_organisers(writer: Writer, drafts: list[Draft]) -> None:
    """Organisers as entered; roles not entered stay as they are."""
    _sync_bodies(writer, ExpoOrganiser.__table__, "expo_id", drafts, ORGANISERS)


def _rooms(writer: Writer, drafts: list[Draft]) -> None:
    expo = Expo.__table__
    venues = {draft.get("venue_id") for draft in drafts}
    for row in writer.session.execute(select(expo.c.id, expo.c.venue_id).where(expo.c.venue_id.in_(venues))).all():
        _room_gates(writer, row.id, row.venue_id)


def _room_gates(writer: Writer, expo_id: uuid.UUID, venue_id: uuid.UUID | None) -> None:
    room, gate = Room.__table__, Gate.__table__
    rooms = writer.session.execute(select(room.c.id, room.c.name).where(room.c.venue_id == venue_id)).all()
    have = set(writer.session.scalars(select(gate.c.room_id).where(gate.c.expo_id == expo_id)))
    rows = [
        {"id": new_id(), "expo_id": expo_id, "room_id": r.id, "name": r.name, "kind": GateKind.ROOM,
         "opens": None, "closes": None, "categories": None, "is_default": False}
        for r in rooms if r.id not in have
    ]  # fmt: skip
    writer.insert(gate, rows)


BEFORE: dict[str, Hook] = {
    "organisations": _search_words(600, "name", "name_en"),
    "people": _search_words(400, "name", "phone"),
    "achievements": _search_words(800, "title", "field"),
    "attendees": _attendees,
    "exhibitors": _exhibitors,
    "programme": _programme,
    "deals": _deals,
    "booths": _booths,
    "pitches": _pitches,
}
AFTER: dict[str, Hook] = {
    "exhibitors": _exhibitor_booths,
    "programme": _speakers,
    "deals": _deal_parties,
    "expos": _expo_records,
    "rooms": _rooms,
}
