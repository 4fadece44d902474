"""建议: computed anew for a whole expo, and read as the page shows them.

Everything is computed on this computer: demands and supply are read, compared in a worker without a transaction, and
written in one short one, which keeps whatever was said meanwhile. Rows that nobody answered are worked out, not
entered, so the log has one line for all of them. Who may not be suggested today is never shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import named
from expo_app.model import Answer, Expo, Meeting, MeetingState, Person, Suggestion
from expo_app.model.base import new_ids
from expo_app.rules import matching_score
from expo_app.rules.masks import mask_phone
from expo_app.rules.matching_score import Scored
from expo_app.services.access import require
from expo_app.services.meeting_consents import Consents, read_consents
from expo_app.services.record_writer import Writer, in_parts, writing
from expo_app.services.suggestion_texts import of_pair, points_of, read_both, read_known
from expo_app.specs.matches import agreed_on
from expo_app.specs.profile import Contact
from expo_app.specs.suggested import Board, Card, Party, Said, Subject
from expo_app.store.database import Database
from expo_app.store.staging import default

EDIT = "matching.edit"
_suggestion = Suggestion.__table__
Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Computed:
    """What computing came to: demands and offers compared, suggestions there are now, demands that have none."""

    demands: int
    supply: int
    suggestions: int
    without: int


def is_said(row: Mapping[str, Any]) -> bool:
    """Whether anybody said anything about a suggestion, so that it stays whatever is computed."""
    answers = (row["demand_answer"], row["supply_answer"])
    return any(answer is not Answer.NOT_ASKED for answer in answers) or row["unsuitable"] is not None


# --- computing --------------------------------------------------------------------------------------------------------
def compute(db: Database, expo_id: uuid.UUID, told: Callable[[int, int], object] = lambda _n, _total: None) -> Computed:
    """Suggest anew for every open demand. `told(n, of)` is called between texts and may raise to stop: nothing is
    written then.
    """
    require(db, EDIT)
    now = db.now()
    with db.reading() as session:
        demands, supply = read_both(session, expo_id, now)
        rows = _rows(session, expo_id)
        judged = [key for key, row in rows.items() if row["unsuitable"] is not None]
        kept = [key for key, row in rows.items() if is_said(row)]
        known = read_known(session, expo_id, now, judged, kept)
        points = points_of(session, expo_id)
    asked = [one for one in demands if one.is_open]
    found = matching_score.suggest(
        [one.side for one in asked], [one.side for one in supply], known, points, told
    )  # fmt: skip
    by_key = {one.key: one for one in (*demands, *supply)}
    with writing(db, EDIT, expo_id) as writer:
        writer.hold(Expo.__table__, expo_id)  # two that compute at once do so one after the other
        count = _write(writer, expo_id, found, by_key)
    with_some = {one.demand for one in found}
    return Computed(len(asked), len(supply), count, sum(one.key not in with_some for one in asked))


def _rows(session: Session, expo_id: uuid.UUID, lock: bool = False) -> dict[Pair, dict[str, Any]]:
    query = select(_suggestion).where(_suggestion.c.expo_id == expo_id)
    query = query.order_by(_suggestion.c.id).with_for_update() if lock else query
    rows = [{name: readable(value) for name, value in row.items()} for row in session.execute(query).mappings()]
    return {(row["demand_id"], row["achievement_id"] or row["service_item_id"]): row for row in rows}


def _write(writer: Writer, expo_id: uuid.UUID, found: list[Scored], by_key: Mapping[uuid.UUID, Subject]) -> int:
    """Rows of what was found: those there are in place, new ones, and none of what is left unless it was said.

    What was said of a demand that is looked for no longer keeps its score and reasons.
    """
    session, there = writer.session, _rows(writer.session, expo_id, lock=True)
    met = set(session.scalars(select(Meeting.suggestion_id).where(Meeting.suggestion_id.is_not(None))))
    wanted = {(one.demand, one.offer): _counted(writer, one, by_key) for one in found}
    gone = {key for key in there if key not in wanted}
    stays = {key for key in gone if is_said(there[key]) or there[key]["id"] in met}
    settled = {key for key in stays if key[0] in by_key and not by_key[key[0]].is_open}
    for key in stays - settled:
        demand, supply = (by_key.get(part) for part in key)
        mark = of_pair(demand, supply) if demand and supply else ""
        wanted[key] = {"score": 0, "reasons": {}, "counted_at": writer.now, "counted_of": mark}
    old = [there[key]["id"] for key in gone - stays]
    for part in in_parts(old):
        session.execute(delete(_suggestion).where(_suggestion.c.id.in_(part)))
    changed = [{**values, "key": there[key]["id"]} for key, values in wanted.items() if key in there]
    if changed:
        columns: dict[str, Any] = {name: bindparam(name) for name in ("score", "reasons", "counted_at", "counted_of")}
        statement = update(_suggestion).where(_suggestion.c.id == bindparam("key")).values(columns)
        session.connection().execute(statement, changed)
    new = {key: values for key, values in wanted.items() if key not in there}
    empty = {column.name: default(column) for column in _suggestion.c}
    if new:
        session.execute(
            insert(_suggestion),
            [
                {**empty, **values, "id": own, "expo_id": expo_id, "demand_id": demand, **_offer(by_key[offer]),
                 "is_sample": by_key[offer].side.is_sample}
                for own, ((demand, offer), values) in zip(new_ids(len(new)), new.items(), strict=True)
            ],
        )  # fmt: skip
    count = len(wanted) + len(settled)
    writer.note("suggest", _suggestion, None, {"suggestions": count, "new": len(new), "gone": len(old)})
    return count


def _offer(subject: Subject) -> dict[str, Any]:
    is_service = subject.side.is_service
    return {
        "achievement_id": None if is_service else subject.key, "service_item_id": subject.key if is_service else None
    }  # fmt: skip


def _counted(writer: Writer, one: Scored, by_key: Mapping[uuid.UUID, Subject]) -> dict[str, Any]:
    return {
        "score": one.score, "reasons": {kind: asdict(reason) for kind, reason in one.reasons.items()},
        "counted_at": writer.now, "counted_of": of_pair(by_key[one.demand], by_key[one.offer]),
    }  # fmt: skip


# --- what the page shows ----------------------------------------------------------------------------------------------
def read(db: Database, expo_id: uuid.UUID) -> Board:
    """Demands, supply and suggestions of an expo; contacts, masked, only where both accepted and agreed to be known."""
    now = db.now()
    with db.reading() as session:
        demands, supply = read_both(session, expo_id, now)
        expo = session.get_one(Expo, expo_id)
        consents = read_consents(session, expo_id, expo.local_day(now))
        rows = _rows(session, expo_id)
        meetings = meetings_of(session, expo_id)
        by_key = {one.key: one for one in (*demands, *supply)}
        cards = [
            _card(row, by_key[demand], by_key[offer], meetings.get(row["id"], ""))
            for (demand, offer), row in rows.items()
            if demand in by_key and offer in by_key and matching_score.may_meet(by_key[demand].side, by_key[offer].side)
        ]
        cards = _with_contacts(session, cards, consents)
    cards.sort(key=lambda card: (card.unsuitable is not None, -card.score, card.supply.read_title, str(card.id)))
    return Board(demands, supply, cards, now)


def _card(row: Mapping[str, Any], demand: Subject, supply: Subject, meeting_no: str) -> Card:
    said = {
        party: Said(
            row[f"{party.column}_answer"] or Answer.NOT_ASKED, row[f"{party.column}_answered_at"],
            row[f"{party.column}_how"] or "", row[f"{party.column}_answer_by"], row[f"{party.column}_reminded_at"],
        )
        for party in Party
    }  # fmt: skip
    return Card(
        row["id"], demand, supply, row["score"] or 0, row["reasons"] or {}, row["counted_at"],
        row["counted_of"] != of_pair(demand, supply), said, row["unsuitable"],
        row["unsuitable_words"] or "", row["judged_by"] or "", row["judged_at"], meeting_no,
    )  # fmt: skip


def meetings_of(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Suggestion → number of the meeting that came of it, unless that was declined or cancelled."""
    query = select(Meeting.suggestion_id, Meeting.meeting_no).where(
        Meeting.expo_id == expo_id, Meeting.suggestion_id.is_not(None),
        Meeting.state.in_((MeetingState.REQUESTED, MeetingState.ACCEPTED)),
    )  # fmt: skip
    rows = session.execute(query.order_by(Meeting.meeting_no))
    return {key: readable(no) or "" for key, no in rows if key is not None}


def _with_contacts(session: Session, cards: list[Card], consents: Consents) -> list[Card]:
    """Cards whose sides both accepted, with the contact of each side that agreed to be known, today."""
    known: dict[uuid.UUID, Contact] = {}
    agreed = [card for card in cards if card.both_accepted]
    keys = {card.of(party).contact_id for card in agreed for party in Party} - {None}
    for part in in_parts(keys):
        for key, name, name_en, phone in session.execute(
            select(Person.id, Person.name, Person.name_en, Person.phone).where(Person.id.in_(part))
        ):
            shown = named(readable(name) or "", readable(name_en) or "")
            known[key] = Contact(key, None, shown, "", mask_phone(readable(phone)), is_main=False, is_printed=False)
    found = []
    for card in cards:
        contacts: dict[Party, Contact] = {}
        for party in Party if card.both_accepted else ():
            subject = card.of(party)
            is_shared = subject.contact_id and consents.is_shared(subject.side.owner, subject.contact_id)
            if is_shared and subject.contact_id in known:
                contacts[party] = known[subject.contact_id]
        found.append(Card(**{**vars(card), "contacts": contacts}) if contacts else card)
    return found


def waiting(db: Database, expo_id: uuid.UUID) -> int:
    """How many suggestions that are shown wait for an answer: what the rail says."""
    with db.reading() as session:
        today = session.get_one(Expo, expo_id).local_day(db.now())
        waits = (_suggestion.c.demand_answer == Answer.WAITING) | (_suggestion.c.supply_answer == Answer.WAITING)
        is_open = (_suggestion.c.expo_id == expo_id) & _suggestion.c.unsuitable.is_(None)
        query = select(func.count()).select_from(_suggestion).where(is_open, waits, agreed_on(today))
        return session.scalar(query) or 0
