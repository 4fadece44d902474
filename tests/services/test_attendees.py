"""Registrations: confirming, cancelling and taking it back; who is registered already; a person's scans."""

from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, UserError
from expo_app.model import Attendee, AttendeeState, Audit, Expo, Method, Role, Verdict
from expo_app.services import attendees
from expo_app.services.checkin import OpenDesk
from expo_app.services.checkin_visits import Visit, visits_of
from expo_app.store.database import Actor, Database
from tests.factories import local, make_attendee, make_desk, make_expo, make_gate, make_room, make_scan

NOON = local(29, 12)


@pytest.fixture
def expo(db: Database) -> Expo:
    db.clock = lambda: NOON
    db.actor = Actor("李可", Role.REGISTRAR)
    with db.transaction() as session:
        return make_expo(session, code="KJH18")


def add(db: Database, expo: Expo, name: str = "", **given: Any) -> Attendee:
    with db.transaction() as session:
        return make_attendee(session, expo, name, **given)


def stand(db: Database, *people: Attendee) -> list[tuple[AttendeeState, str]]:
    with db.reading() as session:
        rows = [session.get_one(Attendee, person.id) for person in people]
    return [(row.state, row.note) for row in rows]


def test_confirming_and_taking_it_back(db: Database, expo: Expo) -> None:
    waiting, ready = add(db, expo, state=AttendeeState.REGISTERED, note="电话约定"), add(db, expo)
    changed = attendees.confirm(db, [waiting.id, ready.id])
    assert list(changed) == [waiting.id]
    assert stand(db, waiting) == [(AttendeeState.CONFIRMED, "电话约定")]
    attendees.restore(db, changed)
    assert stand(db, waiting, ready) == [(AttendeeState.REGISTERED, "电话约定"), (AttendeeState.CONFIRMED, "")]
    attendees.restore(db, changed, forth=True)
    assert stand(db, waiting) == [(AttendeeState.CONFIRMED, "电话约定")]


def test_what_somebody_else_did_since_is_not_taken_back(db: Database, expo: Expo) -> None:
    """Nor done over when the act is made again; nobody of it changes."""
    one, other = (add(db, expo, name, state=AttendeeState.REGISTERED) for name in ("沈华棣", "李雷"))
    changed = attendees.confirm(db, [one.id, other.id])
    attendees.cancel(db, [one.id], "本人电话取消")
    left = [(AttendeeState.CANCELLED, "本人电话取消"), (AttendeeState.CONFIRMED, "")]
    with pytest.raises(Conflict, match="2 条里有 1 条") as refused:
        attendees.restore(db, changed)
    assert (refused.value.code, stand(db, one, other)) == ("E-CHANGED-SINCE", left)
    last = attendees.cancel(db, [other.id], "改期")
    attendees.restore(db, last)
    with db.transaction() as session:
        session.get_one(Attendee, other.id).note = "需要发票"
    with pytest.raises(Conflict, match="没有动它"):
        attendees.restore(db, last, forth=True)
    assert stand(db, other) == [(AttendeeState.CONFIRMED, "需要发票")]


def test_cancelling_keeps_the_reason_where_the_gate_reads_it(db: Database, expo: Expo) -> None:
    person, noted = add(db, expo), add(db, expo, note="需要发票")
    changed = attendees.cancel(db, [person.id, noted.id], " 本人来电 ")
    assert stand(db, person, noted) == [
        (AttendeeState.CANCELLED, "本人来电"),
        (AttendeeState.CANCELLED, "本人来电；需要发票"),
    ]
    with db.transaction() as session:
        desk_id = make_desk(session, make_gate(session, expo)).id
    desk = OpenDesk(db, desk_id)
    scan = desk.admit(person.id, NOON)
    desk.close()
    assert (scan.verdict, scan.reason.count("本人来电")) == (Verdict.UNCONFIRMED, 1)
    attendees.restore(db, changed)
    assert stand(db, noted) == [(AttendeeState.CONFIRMED, "需要发票")]
    with db.reading() as session:
        logged = session.scalars(select(Audit.reason).where(Audit.record_id == noted.id).order_by(Audit.id)).all()
    assert logged == ["", "本人来电", "撤销"]


def test_a_reason_is_kept_as_text(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    attendees.cancel(db, [person.id], "本人\u202e来电\x1b[2J\x07")
    assert stand(db, person) == [(AttendeeState.CANCELLED, "本人来电[2J")]
    with db.reading() as session:
        assert "本人来电[2J" in session.scalars(select(Audit.reason)).all()
    with pytest.raises(UserError):
        attendees.cancel(db, [add(db, expo).id], "\u200b\u202e")


def test_cancelling_needs_a_reason(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    with pytest.raises(UserError) as caught:
        attendees.cancel(db, [person.id], "  ")
    assert (caught.value.code, stand(db, person)) == ("E-REASON", [(AttendeeState.CONFIRMED, "")])


def test_an_auditor_changes_nothing(db: Database, expo: Expo) -> None:
    person = add(db, expo)
    db.actor = Actor("孙正", Role.AUDITOR)
    for act in (lambda: attendees.confirm(db, [person.id]), lambda: attendees.cancel(db, [person.id], "x")):
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.code == "E-ACCESS"


def test_who_is_here_today(db: Database, expo: Expo) -> None:
    here, room_only, yesterday = add(db, expo), add(db, expo), add(db, expo)
    with db.transaction() as session:
        entrance, room = make_gate(session, expo), make_gate(session, expo, room=make_room(session, expo))
        make_scan(session, entrance, here, local(29))
        make_scan(session, room, room_only, local(29))
        make_scan(session, entrance, yesterday, local(28))
    assert attendees.present(db, expo.id, local(29).date()) == {here.id}


def test_a_persons_scans_newest_first(db: Database, expo: Expo) -> None:
    person, other = add(db, expo), add(db, expo)
    with db.transaction() as session:
        desk_id = make_desk(session, make_gate(session, expo, "东门"), "01 号台").id
    desk = OpenDesk(db, desk_id)
    desk.admit(person.id, local(29, 9))
    desk.admit(other.id, local(29, 9, 1))
    desk.admit(person.id, local(29, 11, 55))
    desk.undo_last()
    desk.close()
    assert visits_of(db, person.id) == [
        Visit(local(29, 11, 55), "东门", "01 号台", Verdict.AGAIN, Method.MANUAL, "首次签到 09:00 · 01 号台", True),
        Visit(local(29, 9), "东门", "01 号台", Verdict.ADMITTED, Method.MANUAL, "", False),
    ]
    assert [visit.at for visit in visits_of(db, person.id, limit=1)] == [local(29, 11, 55)]
