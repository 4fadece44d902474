"""A request for a meeting and what is said to it: asked within the matrix and the caps, answered, cancelled, set back.

Whoever asks holds the expo, so of two requests for one pair, or for the last one of a cap, the second sees the first.
That a request expired is worked out (`rules.meeting_requests.is_expired`); nothing is sent to anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import (
    Achievement,
    Answer,
    AskerKind,
    Attendee,
    Demand,
    Exhibitor,
    ExhibitorState,
    Expo,
    Meeting,
    MeetingHours,
    MeetingState,
    ProgrammeItem,
    Provider,
    ServiceItem,
    Speaker,
    Suggestion,
)
from expo_app.rules.meeting_requests import is_expired, matrix_of, may_ask, usual_expiry
from expo_app.rules.person_names import person_key
from expo_app.services.access import require
from expo_app.services.meeting_consents import read_consents
from expo_app.services.meetings_rules import names_of, people_of, settings_of, unsure_person
from expo_app.services.record_writer import Writer, find_by, in_parts, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import MEETINGS, ORGANISATIONS
from expo_app.specs.meetings import open_pair
from expo_app.store.database import Database

EDIT = "matching.edit"
_meeting, _suggestion = Meeting.__table__, Suggestion.__table__
NO_SEAT: Mapping[str, Any] = {"place_id": None, "starts_at": None, "minutes": None, "is_locked": False}
"""What a meeting has that waits for a place and a time."""


@dataclass(frozen=True)
class Request:
    """A asks B. `override`: why a limit does not count this time (matrix, cap, limit of a day); kept and logged."""

    a_id: uuid.UUID
    b_id: uuid.UUID
    subject: str = ""
    suggestion_id: uuid.UUID | None = None
    a_person_id: uuid.UUID | None = None
    b_person_id: uuid.UUID | None = None
    override: str = ""


@dataclass(frozen=True)
class Asked:
    """The meeting that came of a request; `is_mutual`: B had asked A already, or both had accepted the suggestion, so
    that it is agreed on.
    """

    id: uuid.UUID
    is_mutual: bool


class OverLimitError(UserError):
    """A limit that may be lifted with a reason; nothing was written."""


# --- asking -----------------------------------------------------------------------------------------------------------
def ask(db: Database, expo_id: uuid.UUID, request: Request) -> Asked:
    """A asks B for a meeting.

    Raises InvalidRecord for one organisation with itself, OverLimitError for what a reason lifts (the matrix, what one
    sends, what one meets), UserError without consent, Conflict for a pair that has an open meeting.
    """
    with writing(db, EDIT, expo_id, reason=request.override) as writer:
        return _ask(writer, expo_id, request)


def ask_named(db: Database, expo_id: uuid.UUID, values: Mapping[str, Any], override: str = "") -> Asked:
    """The same of what a form gives: names of organisations and of their people, the subject."""
    with writing(db, EDIT, expo_id, reason=override) as writer:
        _current, clean = entered(writer, MEETINGS, values)
        bodies = find_by(writer, ORGANISATIONS, ORGANISATIONS.natural, {clean["a_id"], clean["b_id"]})
        people = people_of(writer.session, expo_id, bodies.values())
        keys: dict[str, uuid.UUID | None] = {}
        for side in ("a", "b"):
            name, person = clean[f"{side}_id"], clean.get(f"{side}_person")
            if name not in bodies:
                raise InvalidRecord(
                    {f"{side}_id": _("没有{what}“{name}”。").format(what=ORGANISATIONS.label, name=name)}
                )
            keys[f"{side}_id"] = bodies[name]
            found = set(people.get((bodies[name], person_key(person)), ())) if person else {None}
            if problem := unsure_person(person or "", found):
                raise InvalidRecord({f"{side}_person": problem})
            keys[f"{side}_person_id"] = found.pop()
        return _ask(writer, expo_id, Request(subject=clean.get("subject") or "", override=override, **keys))  # type: ignore[arg-type]


def _ask(writer: Writer, expo_id: uuid.UUID, request: Request) -> Asked:
    writer.hold(Expo.__table__, expo_id)  # whoever asks second sees what the first asked
    if request.a_id == request.b_id:
        raise InvalidRecord({"b_id": _("甲方和乙方是同一家，不能约洽谈，数据未变。")})
    settings = settings_of(writer.session, expo_id)
    names = names_of(writer.session, (request.a_id, request.b_id))
    if len(names) < 2:
        raise Conflict(_("单位已被删除，没有发出请求，数据未变。请刷新。"), "E-GONE")
    sides = ((request.a_id, request.a_person_id), (request.b_id, request.b_person_id))
    _refuse_without_consent(writer, sides, names)
    is_agreed = _both_accepted(writer, request)
    if (waiting := _open_between(writer, request, names, is_agreed)) is not None:
        return _both_asked(writer, waiting, request)
    if not request.override.strip():
        if not is_agreed:  # what both agreed on is no cold request
            _refuse_beyond_matrix(writer, request, settings, names)
        _refuse_beyond_limits(writer, request, settings, names)
    return _write(writer, request, settings, is_agreed)


def _write(writer: Writer, request: Request, settings: Mapping[str, Any], is_agreed: bool) -> Asked:
    expo = writer.expo
    values: dict[str, Any] = {
        "a_id": request.a_id, "b_id": request.b_id, "subject": request.subject[:200],
        "suggestion_id": request.suggestion_id, "a_person_id": request.a_person_id,
        "b_person_id": request.b_person_id, "reason": request.override[:200],
        "state": MeetingState.ACCEPTED if is_agreed else MeetingState.REQUESTED, "is_mutual": is_agreed,
        "answered_at": writer.now if is_agreed else None,
    }  # fmt: skip
    if expo is not None and not is_agreed:
        values["answer_by"] = expires_at(expo, settings)
        if values["answer_by"] <= writer.now:
            words = _("请求的答复期限 {when} 已过，没有发出请求，数据未变。先在对接设置里改期限。")
            raise UserError(words.format(when=_clock(values["answer_by"], expo)), "E-EXPIRED")
    return Asked(write_row(writer, MEETINGS, values), is_agreed)


def _both_asked(writer: Writer, row: Mapping[str, Any], request: Request) -> Asked:
    """B had asked A, or both accepted the suggestion since: now both wish for it, with what either has said of it."""
    mine, theirs = ("a", "b") if row["a_id"] == request.a_id else ("b", "a")
    subjects = dict.fromkeys(filter(None, (row["subject"], request.subject)))
    writer.update(
        _meeting, row["id"], row,
        {
            "state": MeetingState.ACCEPTED, "is_mutual": True, "answered_at": writer.now,
            "suggestion_id": row["suggestion_id"] or request.suggestion_id,
            f"{mine}_person_id": request.a_person_id or row[f"{mine}_person_id"],
            f"{theirs}_person_id": row[f"{theirs}_person_id"] or request.b_person_id,
            "subject": " / ".join(subjects)[:200],
        },
    )  # fmt: skip
    return Asked(row["id"], is_mutual=True)


def _both_accepted(writer: Writer, request: Request) -> bool:
    """Whether both have accepted the suggestion that is named; Conflict where it is gone or not of these two."""
    if request.suggestion_id is None:
        return False
    suggested = of_suggestion(writer.session, request.suggestion_id)
    query = select(_suggestion.c.expo_id, _suggestion.c.demand_answer, _suggestion.c.supply_answer)
    row = writer.session.execute(query.where(_suggestion.c.id == request.suggestion_id)).one()
    is_here = writer.expo is not None and row.expo_id == writer.expo.id
    if not is_here or {suggested.a_id, suggested.b_id} != {request.a_id, request.b_id}:
        raise Conflict(_("这条建议不是这两家在本届的，没有发出请求，数据未变。请刷新后重新选。"), "E-OTHER-PAIR")
    return (row.demand_answer, row.supply_answer) == (Answer.ACCEPTED, Answer.ACCEPTED)


def of_suggestion(session: Session, suggestion_id: uuid.UUID) -> Request:
    """The request that a suggestion would be: the demander asks who offers, each by the contact named with the demand,
    the provider or the exhibitor. Conflict where it is gone.
    """
    offered = func.coalesce(Achievement.owner_id, Provider.organisation_id)
    title = func.coalesce(Achievement.title, ServiceItem.title)
    contact = func.coalesce(Provider.contact_id, Exhibitor.contact_id)
    query = (
        select(Demand.owner_id, Demand.title, Demand.contact_id, offered, title, contact)
        .select_from(Suggestion)
        .join(Demand, Demand.id == Suggestion.demand_id)
        .outerjoin(Achievement, Achievement.id == Suggestion.achievement_id)
        .outerjoin(ServiceItem, ServiceItem.id == Suggestion.service_item_id)
        .outerjoin(Provider, Provider.id == ServiceItem.provider_id)
        .outerjoin(Exhibitor, (Exhibitor.expo_id == Suggestion.expo_id) & (Exhibitor.organisation_id == offered))
        .where(Suggestion.id == suggestion_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise Conflict(_("这条建议已被删除，没有发出请求，数据未变。请刷新。"), "E-GONE")
    demander, wanted, asks, owner, offer, answers = row
    if owner is None:
        raise UserError(_("这条供给没有写持有单位，没有发出请求，数据未变。先填持有单位。"), "E-NO-OWNER")
    return Request(demander, owner, f"{wanted} / {offer}"[:200], suggestion_id, asks, answers)


def ask_of_suggestion(db: Database, expo_id: uuid.UUID, suggestion_id: uuid.UUID, override: str = "") -> Asked:
    """The demander of a suggestion asks who offers; agreed on at once where both have accepted it."""
    require(db, EDIT)
    with db.reading() as session:
        one = of_suggestion(session, suggestion_id)
        consents = read_consents(session, expo_id, session.get_one(Expo, expo_id).local_day(db.now()))
    named = {  # a contact who does not agree is not named; the organisation may still come
        side: person
        for side, body, person in (("a", one.a_id, one.a_person_id), ("b", one.b_id, one.b_person_id))
        if person is not None and consents.may_match(body, person)
    }
    return ask(db, expo_id, replace(one, a_person_id=named.get("a"), b_person_id=named.get("b"), override=override))


# --- who may, how often -----------------------------------------------------------------------------------------------
def kinds_of(
    session: Session, expo_id: uuid.UUID, bodies: Iterable[uuid.UUID]
) -> dict[uuid.UUID, frozenset[AskerKind]]:
    """What organisations are in the matrix: exhibitors, as is whoever owns a result that is shown here, and providers,
    both where they are both; of the others a speaker who has speakers here and nobody else, and a visitor whoever else
    it is.
    """
    wanted = set(bodies)
    found: dict[uuid.UUID, set[AskerKind]] = {body: set() for body in wanted}
    exhibiting = select(Exhibitor.organisation_id).where(
        Exhibitor.expo_id == expo_id, Exhibitor.state != ExhibitorState.CANCELLED
    )
    showing = select(Achievement.owner_id).where(Achievement.expo_id == expo_id)
    serving = select(Provider.organisation_id)
    coming = select(Attendee.organisation_id, Attendee.person_id).where(Attendee.expo_id == expo_id)
    speaking = select(Speaker.person_id).join(ProgrammeItem, ProgrammeItem.id == Speaker.item_id)
    speakers = set(session.scalars(speaking.where(ProgrammeItem.expo_id == expo_id)))
    people: dict[uuid.UUID | None, set[uuid.UUID]] = {}
    for part in in_parts(wanted):
        exhibitors = exhibiting.where(Exhibitor.organisation_id.in_(part))
        for body in session.scalars(exhibitors.union(showing.where(Achievement.owner_id.in_(part)))):
            found[body].add(AskerKind.EXHIBITOR)
        for body in session.scalars(serving.where(Provider.organisation_id.in_(part))):
            found[body].add(AskerKind.SERVICE)
        for employer, person in session.execute(coming.where(Attendee.organisation_id.in_(part))):
            people.setdefault(employer, set()).add(person)
    for body, kinds in found.items():
        if not kinds:
            mine = people.get(body, set())
            kinds.add(AskerKind.SPEAKER if mine and mine <= speakers else AskerKind.VISITOR)
    return {body: frozenset(kinds) for body, kinds in found.items()}


def _refuse_without_consent(
    writer: Writer, sides: Iterable[tuple[uuid.UUID, uuid.UUID | None]], names: Mapping[uuid.UUID, str]
) -> None:
    """UserError where one of these (organisation, person of it) does not agree today to be matched."""
    expo = writer.expo
    if expo is None:
        return
    consents = read_consents(writer.session, expo.id, expo.local_day(writer.now))
    for body, person in sides:
        if not consents.may_match(body, person):
            words = _("{name}没有同意被推荐，或同意已过期，没有保存，数据未变。先在对接设置的“可被推荐”里登记。")
            raise UserError(words.format(name=names[body]), "E-NO-CONSENT")


def _open_between(
    writer: Writer, request: Request, names: Mapping[uuid.UUID, str], is_agreed: bool
) -> Mapping[str, Any] | None:
    """The open request of B to A, or where both have said yes (`is_agreed`) of either, if there is one; Conflict where
    the pair has another open meeting.
    """
    for row in _open_rows(writer, request.a_id, request.b_id):
        if row["state"] is MeetingState.REQUESTED and (is_agreed or row["a_id"] == request.b_id):
            return row
        words = _("{a}和{b}已有洽谈 {no}（{state}），没有再发请求，数据未变。")
        there = {"a": names[request.a_id], "b": names[request.b_id], "no": row["meeting_no"]}
        raise Conflict(words.format(state=row["state"].label, **there), "E-OPEN")
    return None


def _open_rows(writer: Writer, one: uuid.UUID, other: uuid.UUID) -> Iterator[Mapping[str, Any]]:
    """Meetings between two that wait, for an answer that can still come or for being held."""
    query = select(_meeting).where(
        _meeting.c.expo_id == (writer.expo.id if writer.expo else None), open_pair(one, other),
        _meeting.c.state.in_((MeetingState.REQUESTED, MeetingState.ACCEPTED)), _meeting.c.outcome.is_(None),
    )  # fmt: skip
    for row in writer.session.execute(query.order_by(_meeting.c.meeting_no)).mappings():
        if not is_expired(row["state"], row["answer_by"], writer.now):
            yield dict(row)


def _refuse_beyond_matrix(
    writer: Writer, request: Request, settings: Mapping[str, Any], names: Mapping[uuid.UUID, str]
) -> None:
    if writer.expo is None:
        return
    kinds = kinds_of(writer.session, writer.expo.id, (request.a_id, request.b_id))
    asking, asked = kinds[request.a_id], kinds[request.b_id]
    if not may_ask(matrix_of(settings["matrix"]), asking, asked):
        words = _("{a}是{one}，不能向{other}请求洽谈，没有发出请求，数据未变。要破例请写明原因。")
        said = {"one": _labels(asking), "other": _labels(asked)}
        raise OverLimitError(words.format(a=names[request.a_id], **said), "E-MATRIX")


def _refuse_beyond_limits(
    writer: Writer, request: Request, settings: Mapping[str, Any], names: Mapping[uuid.UUID, str]
) -> None:
    session, expo = writer.session, writer.expo
    if expo is None:
        return
    most = settings["sent_at_most"]
    if most is not None and (sent := open_sent(session, expo.id, request.a_id, writer.now)) >= most:
        words = _("{a}已有 {n} 个请求在等答复或已接受，最多 {most} 个，没有发出请求，数据未变。要破例请写明原因。")
        raise OverLimitError(words.format(a=names[request.a_id], n=sent, most=most), "E-SENT")
    a_day = settings["a_day_at_most"]
    days = _days_left(session, expo, writer.now) if a_day is not None else 0
    for body in (request.a_id, request.b_id) if a_day is not None else ():
        if (agreed := _agreed(session, expo.id, body)) >= a_day * days:
            words = _("{name}已有 {n} 场洽谈，每天最多 {most} 场，没有发出请求，数据未变。要破例请写明原因。")
            raise OverLimitError(words.format(name=names[body], n=agreed, most=a_day), "E-DAY")


def open_sent(session: Session, expo_id: uuid.UUID, body: uuid.UUID, now: datetime) -> int:
    """Requests of an organisation that wait for their answer or were accepted; those that expired do not count."""
    waits = _meeting.c.answer_by.is_(None) | (_meeting.c.answer_by > now)
    query = select(func.count()).where(
        _meeting.c.expo_id == expo_id, _meeting.c.a_id == body, _meeting.c.outcome.is_(None),
        (_meeting.c.state == MeetingState.ACCEPTED) | ((_meeting.c.state == MeetingState.REQUESTED) & waits),
    )  # fmt: skip
    return session.scalar(query) or 0


def _agreed(session: Session, expo_id: uuid.UUID, body: uuid.UUID) -> int:
    query = select(func.count()).where(
        _meeting.c.expo_id == expo_id, (_meeting.c.a_id == body) | (_meeting.c.b_id == body),
        _meeting.c.state == MeetingState.ACCEPTED, _meeting.c.outcome.is_(None),
    )  # fmt: skip
    return session.scalar(query) or 0


def _days_left(session: Session, expo: Expo, now: datetime) -> int:
    days = set(session.scalars(select(MeetingHours.day).where(MeetingHours.expo_id == expo.id))) or set(expo.days)
    return sum(day >= expo.local_day(now) for day in days)


def expires_at(expo: Expo, settings: Mapping[str, Any]) -> datetime:
    """When a request made now expires: as set, else the evening before the expo's last day."""
    return settings["expires_at"] or usual_expiry(expo.starts_on, expo.ends_on, expo.zone_info)


def _labels(kinds: Iterable[AskerKind]) -> str:
    return _("、").join(kind.label for kind in AskerKind if kind in set(kinds))


# --- what is said to it -----------------------------------------------------------------------------------------------
def accept(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, how: str, *, seen: MeetingState) -> None:
    """B accepts, or somebody on its behalf: `how` says who and in which way.

    Conflict where it was answered since, UserError where one of both no longer agrees to be matched.
    """
    _answer(db, expo_id, meeting_id, seen, MeetingState.ACCEPTED, how, "")


def decline(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, reason: str, how: str = "", *, seen: MeetingState
) -> None:
    """B declines, with a reason. InvalidRecord without one."""
    _answer(db, expo_id, meeting_id, seen, MeetingState.DECLINED, how, reason)


def _answer(
    db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, seen: MeetingState, state: MeetingState, how: str,
    reason: str,
) -> None:  # fmt: skip
    with writing(db, EDIT, expo_id, reason=reason) as writer:
        row = held(writer, meeting_id, seen)
        if state is MeetingState.DECLINED and not reason.strip():
            raise InvalidRecord({"reason": _("婉拒要写原因。")})
        if row["state"] is not MeetingState.REQUESTED:
            words = _("{no} 是“{state}”，不再等答复，数据未变。要重新答复请先退回请求。")
            raise UserError(words.format(no=row["meeting_no"], state=row["state"].label), "E-ANSWERED")
        if is_expired(row["state"], row["answer_by"], writer.now):
            words = _("{no} 的答复期限已过，没有记答复，数据未变。先退回请求，给它新的期限。")
            raise UserError(words.format(no=row["meeting_no"]), "E-EXPIRED")
        if state is MeetingState.ACCEPTED:
            sides = [(row[f"{side}_id"], row[f"{side}_person_id"]) for side in ("a", "b")]
            _refuse_without_consent(writer, sides, names_of(writer.session, (row["a_id"], row["b_id"])))
        values: dict[str, Any] = {"state": state, "answered_at": writer.now, "answer_how": how.strip()[:100]}
        if reason:
            values |= {"reason": reason.strip()[:200], **NO_SEAT}
        writer.update(_meeting, meeting_id, row, values)


def cancel(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, reason: str, *, seen: MeetingState) -> None:
    """Either side calls it off before its slot begins; its seat is free again. InvalidRecord without a reason."""
    with writing(db, EDIT, expo_id, reason=reason) as writer:
        row = held(writer, meeting_id, seen)
        if not reason.strip():
            raise InvalidRecord({"reason": _("取消要写原因。")})
        if row["state"] not in (MeetingState.REQUESTED, MeetingState.ACCEPTED):
            words = _("{no} 是“{state}”，不能取消，数据未变。")
            raise UserError(words.format(no=row["meeting_no"], state=row["state"].label), "E-ENDED")
        _refuse_begun(writer, row)
        values = {"state": MeetingState.CANCELLED, "reason": reason.strip()[:200], **NO_SEAT}
        writer.update(_meeting, meeting_id, row, values)


def set_back(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID, *, seen: MeetingState) -> None:
    """It waits for an answer once more, with the term that holds now; what has begun stays as it was.

    UserError where that term has passed, Conflict where the pair has another open meeting by now.
    """
    with writing(db, EDIT, expo_id) as writer:
        row = held(writer, meeting_id, seen)
        _refuse_begun(writer, row)
        expo = writer.session.get_one(Expo, expo_id)
        term = expires_at(expo, settings_of(writer.session, expo_id))
        if term <= writer.now:
            words = _("请求的答复期限 {when} 已过，没有退回，数据未变。先在对接设置里改期限。")
            raise UserError(words.format(when=_clock(term, expo)), "E-EXPIRED")
        between = _open_rows(writer, row["a_id"], row["b_id"])
        if (other := next((one["meeting_no"] for one in between if one["id"] != meeting_id), None)) is not None:
            words = _("这两家已有另一场洽谈 {no}，没有退回，数据未变。")
            raise Conflict(words.format(no=other), "E-OPEN")
        values = {
            "state": MeetingState.REQUESTED, "answered_at": None, "answer_how": "", "reason": "", "is_mutual": False,
            "answer_by": term, **NO_SEAT,
        }  # fmt: skip
        writer.update(_meeting, meeting_id, row, values)


def held(writer: Writer, meeting_id: uuid.UUID, seen: MeetingState | None = None) -> Mapping[str, Any]:
    """A meeting, held until the end, and with it the seats of its expo: `timetable_acts` waits, or is waited for.
    Conflict where it is gone or no longer as it was seen.
    """
    if writer.expo is not None:
        writer.hold(Expo.__table__, writer.expo.id)
    row = writer.locked(_meeting, [meeting_id]).get(meeting_id)
    if row is None or (writer.expo is not None and row["expo_id"] != writer.expo.id):
        raise Conflict(_("这场洽谈已被删除，数据未变。请刷新。"), "E-GONE")
    if seen is not None and row["state"] is not seen:
        words = _("{no} 刚被改为“{state}”，数据未变。请刷新后再看。")
        raise Conflict(words.format(no=row["meeting_no"], state=row["state"].label), "E-CONFLICT")
    return row


def _refuse_begun(writer: Writer, row: Mapping[str, Any]) -> None:
    if row["outcome"] is not None:
        words = _("{no} 已有结果“{outcome}”，数据未变。先撤回结果。")
        raise UserError(words.format(no=row["meeting_no"], outcome=row["outcome"].label), "E-OUTCOME")
    if row["starts_at"] is not None and row["starts_at"] <= writer.now and row["state"] is MeetingState.ACCEPTED:
        words = _("{no} 的时段已开始，不能再取消，数据未变。请记到场情况。")
        raise UserError(words.format(no=row["meeting_no"]), "E-BEGUN")


def _clock(moment: datetime, expo: Expo) -> str:
    return f"{moment.astimezone(expo.zone_info):%m-%d %H:%M}"
