"""What an area adds when its records are written: numbers, search words, steps, what lives in other tables.

`BEFORE` and `AFTER` map a spec's name to a function over all drafts of one write, so that one record and ten
thousand take the same path.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    AttendeeSource,
    Booth,
    BoothMove,
    BoothState,
    Category,
    Counter,
    Deal,
    DealKind,
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
    Organisation,
    PartyRole,
    Person,
    Room,
    Speaker,
    new_id,
)
from expo_app.rules import numbering
from expo_app.rules.search_key import search_key
from expo_app.services.writing import Draft, Hook, Writer, find_by, write_rows
from expo_app.specs import EXHIBITORS, ORGANISATIONS, PEOPLE
from expo_app.specs.expo import ORGANISERS
from expo_app.specs.expo import contradictions
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
    days = cache(partial(_expo_days, expo))
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("registered_at", writer.now)
            draft.values.setdefault("source", AttendeeSource.IMPORT if draft.row else AttendeeSource.MANUAL)
        if draft.values.get("valid_days"):
            draft.values["valid_days"] = days(tuple(draft.values["valid_days"]))
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


def _expo_days(expo: Expo | None, texts: tuple[str, ...]) -> list[str]:
    """Valid days as sorted ISO dates, each one of the expo's."""
    days = []
    for text in texts:
        match = re.fullmatch(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?", str(text).strip())
        try:
            if not match:
                raise ValueError(text)
            year = int(match[1] or (expo.starts_on.year if expo else 0))
            day = date(year, int(match[2]), int(match[3]))
        except ValueError:
            raise InvalidRecord({"valid_days": _("“{text}”不是日期，应如 2018-11-29。").format(text=text)}) from None
        if expo and not expo.starts_on <= day <= expo.ends_on:
            raise InvalidRecord({"valid_days": _("{day} 不在展期内。").format(day=day.isoformat())})
        days.append(day.isoformat())
    return sorted(set(days))


def _exhibitors(writer: Writer, drafts: list[Draft]) -> None:
    beside = {draft.get("organisation_id"): draft.record_id for draft in drafts}
    for draft in drafts:
        if draft.changed("state") and draft.get("state") is ExhibitorState.ARRIVED and draft.get("arrived_at") is None:
            draft.values["arrived_at"] = writer.now
        if draft.virtual.get("main"):
            draft.values["main_id"] = _main_exhibitor(writer, draft, beside)


def _main_exhibitor(writer: Writer, draft: Draft, beside: Mapping[Any, uuid.UUID]) -> uuid.UUID:
    """The exhibitor named, there already or `beside` this one in the same file (by organisation)."""
    name = draft.virtual["main"]
    organisation = find_by(writer, ORGANISATIONS, "name", [name]).get(name)
    main = _exhibitors_of(writer, [organisation]).get(organisation) or beside.get(organisation)
    if main is None or main == draft.record_id:
        raise InvalidRecord({"main": _("没有参展商“{name}”。").format(name=name)})
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
                raise InvalidRecord({"booths": _("没有展位“{number}”。").format(number=number)})
            booth = booths[number]
            if booth["exhibitor_id"] not in (None, draft.record_id):
                raise InvalidRecord({"booths": _("展位 {number} 已分给别家，先腾出再分配。").format(number=number)})
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
        moved = [name for name in ("starts_at", "ends_at", "room_id", "minutes") if draft.changed(name)]
        if draft.old is not None and draft.old["is_locked"] and moved:
            raise InvalidRecord({moved[0]: _("活动已锁定，时间和会场不能改。先解锁再改。")})
        start, end = draft.get("starts_at"), draft.get("ends_at")
        if start and ((draft.changed("minutes") and not draft.changed("ends_at")) or end is None):
            draft.values["ends_at"] = start + timedelta(minutes=draft.get("minutes") or 90)
        elif start and end:
            if end <= start:
                raise InvalidRecord({"ends_at": _("结束时间应晚于开始时间。")})
            draft.values["minutes"] = int((end - start).total_seconds() // 60)
    _search_words(800, "title", "title_en", "host")(writer, drafts)


_NAMED = re.compile(r"^(?P<name>[^（(]+)(?:[（(](?P<organisation>.+)[）)])?$")


def _speakers(writer: Writer, drafts: list[Draft]) -> None:
    """Speakers as listed in 嘉宾, in that order; people are found by name and organisation, or made."""
    for draft in drafts:
        if not draft.gives("speakers"):
            continue
        wanted: list[uuid.UUID] = []
        for text in re.split(r"[、;；\n]+", draft.virtual["speakers"] or ""):
            match = _NAMED.match(text.strip())
            if match:
                person = {"name": match["name"].strip(), "organisation_id": match["organisation"]}
                found = person_of(writer, person)
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
    if unnumbered and expo is not None:
        first = draw(writer, f"deal {expo.code}", len(unnumbered))
        for n, draft in enumerate(unnumbered, first):
            draft.values["deal_no"] = numbering.deal_no(expo.code, expo.starts_on.year, n)
    for draft in drafts:
        if draft.is_new:
            draft.values.setdefault("created_at", writer.now)
            draft.values.setdefault("entry", Entry.CHECK if draft.row else Entry.DRAFT)
        _check_deal(draft)
    _search_words(1200, "title", "contract_no", "witness")(writer, drafts)


def _check_deal(draft: Draft) -> None:
    """The rules between columns of a deal."""
    amount, tech = draft.get("amount"), draft.get("tech_amount")
    problems: dict[str, str] = {}
    if tech is not None and (amount is None or tech > amount):
        problems["tech_amount"] = _("技术交易额不能超过成交额。")
    if draft.get("stage") is DealStage.REGISTERED and draft.get("kind") is not DealKind.TECH_CONTRACT:
        problems["stage"] = _("只有技术合同可以认定登记。")
    start, end = draft.get("valid_from"), draft.get("valid_until")
    if start and end and end < start:
        problems["valid_until"] = _("有效期止不能早于有效期起。")
    if problems:
        raise InvalidRecord(problems)


def split_names(text: str) -> list[str]:
    """Names separated by 、 or new lines, each once."""
    return list(dict.fromkeys(name.strip() for name in re.split(r"[、;；\n]+", text) if name.strip()))


PARTY_FIELDS = {"sellers": PartyRole.SELLER, "buyers": PartyRole.BUYER, "others": PartyRole.PARTY}


def _deal_parties(writer: Writer, drafts: list[Draft]) -> None:
    """Parties as entered (roles not entered stay as they are), and a step whenever stage or entry changed."""
    named = {
        (draft.record_id, role): split_names(draft.virtual[field] or "")
        for draft in drafts
        for field, role in PARTY_FIELDS.items()
        if draft.gives(field)
    }
    ids = _organisations(writer, {name for names in named.values() for name in names})
    table = DealParty.__table__
    for draft in drafts:
        given = {role: names for (record, role), names in named.items() if record == draft.record_id}
        if given:
            kept = (
                []
                if draft.is_new
                else writer.session.execute(
                    select(table).where(table.c.deal_id == draft.record_id, table.c.role.not_in(given))
                )
                .mappings()
                .all()
            )
            rows = [
                {"organisation_id": r["organisation_id"], "role": r["role"], "position": r["position"]} for r in kept
            ]
            for role, names in given.items():
                rows += [{"organisation_id": ids[n], "role": role, "position": k} for k, n in enumerate(names)]
            _sync_children(writer, table, "deal_id", draft, rows, ("organisation_id", "role"))
        if draft.is_new or draft.changed("stage") or draft.changed("entry"):
            step = {
                "id": new_id(), "deal_id": draft.record_id, "stage": draft.get("stage") or DealStage.SIGNED,
                "entry": draft.get("entry") or Entry.DRAFT, "at": writer.now, "on_date": draft.get("signed_on"),
                "operator": writer.db.actor.name, "reason": "",
            }  # fmt: skip
            writer.insert(DealStep.__table__, [step])


def _organisations(writer: Writer, names: set[str]) -> dict[str, uuid.UUID]:
    """Ids by name; unknown ones are made."""
    if not names:
        return {}
    known = find_by(writer, ORGANISATIONS, "name", names)
    missing = sorted(names - known.keys())
    made = write_rows(writer, ORGANISATIONS, [(None, {"name": name}, 0) for name in missing]) if missing else []
    return known | dict(zip(missing, made, strict=True))


def _expos(writer: Writer, drafts: list[Draft]) -> None:
    for draft in drafts:
        problems = contradictions({name: draft.get(name) for name in ("starts_on", "ends_on")})
        if problems:
            raise InvalidRecord(problems)


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
    table = ExpoOrganiser.__table__
    for draft in drafts:
        given = {ORGANISERS[name]: split_names(draft.virtual[name] or "") for name in ORGANISERS if draft.gives(name)}
        if not given:
            continue
        ids = _organisations(writer, {name for names in given.values() for name in names})
        rest = select(table).where(table.c.expo_id == draft.record_id, table.c.role.not_in(given))
        kept = writer.session.execute(rest).mappings().all()
        rows = [{name: row[name] for name in ("organisation_id", "role", "position")} for row in kept]
        for role, names in given.items():
            rows += [{"organisation_id": ids[name], "role": role, "position": n} for n, name in enumerate(names)]
        _sync_children(writer, table, "expo_id", draft, rows, ("organisation_id", "role"))


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
    "expos": _expos,
}
AFTER: dict[str, Hook] = {
    "exhibitors": _exhibitor_booths,
    "programme": _speakers,
    "deals": _deal_parties,
    "expos": _expo_records,
    "rooms": _rooms,
}
__all__ = ["AFTER", "BEFORE", "EXHIBITORS", "Attendee", "Deal", "assign_booth", "draw", "person_of"]
