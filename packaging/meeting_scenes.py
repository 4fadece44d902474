"""Pictures of 供需对接 → 洽谈: with the sample's meetings where it has some, else with a few of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from stage import Stage

from expo_app.model import (
    Exhibitor,
    InterestLevel,
    MatchingConsent,
    Meeting,
    MeetingPlace,
    MeetingState,
    Organisation,
    Outcome,
    Standby,
)
from expo_app.routes.matching import MatchingRoute

STATES: tuple[tuple[MeetingState, Outcome | None, int | None], ...] = (
    (MeetingState.REQUESTED, None, None), (MeetingState.REQUESTED, None, None), (MeetingState.ACCEPTED, None, None),
    (MeetingState.ACCEPTED, None, 0), (MeetingState.ACCEPTED, None, 1), (MeetingState.ACCEPTED, None, 3),
    (MeetingState.ACCEPTED, Outcome.HELD, -2), (MeetingState.ACCEPTED, Outcome.HELD, -3),
    (MeetingState.ACCEPTED, Outcome.NO_SHOW_B, -4), (MeetingState.DECLINED, None, None),
    (MeetingState.CANCELLED, None, None),
)  # fmt: skip
"""State, outcome, and in which slot from now on (20 minutes each)."""


def _meetings(stage: Stage) -> dict[Outcome | MeetingState | None, uuid.UUID]:
    """One meeting of each kind that there is, by its outcome or its state."""
    db, expo_id, now = stage.context.db, stage.context.expo_id, stage.context.now()
    with db.transaction() as session:
        if not session.scalar(select(Meeting.id).where(Meeting.expo_id == expo_id).limit(1)):
            query = select(Exhibitor.organisation_id).join(Organisation, Organisation.id == Exhibitor.organisation_id)
            query = query.where(Exhibitor.expo_id == expo_id).order_by(Organisation.name)
            bodies = list(session.scalars(query.limit(2 * len(STATES))))
            known = set(session.scalars(select(MatchingConsent.organisation_id)))
            session.add_all(MatchingConsent(expo_id=expo_id, organisation_id=b) for b in bodies if b not in known)
            places = list(session.scalars(select(MeetingPlace).where(MeetingPlace.expo_id == expo_id)))
            if not places:
                places = [MeetingPlace(expo_id=expo_id, name=f"{n:02d}") for n in range(1, 13)]
                session.add_all(places)
                session.flush()
            start = now.replace(minute=now.minute // 20 * 20, second=0, microsecond=0)
            for n, (state, outcome, slot) in enumerate(STATES):
                a, b = bodies[2 * n], bodies[2 * n + 1]
                seat: dict[str, Any] = {}
                if slot is not None:
                    seat = {
                        "place_id": places[n].id, "starts_at": start + timedelta(minutes=20 * slot), "minutes": 20,
                        "a_came_at": now if slot <= 0 else None,
                    }  # fmt: skip
                session.add(
                    Meeting(
                        expo_id=expo_id, meeting_no=f"QT-{n + 1:03d}", a_id=a, b_id=b, asked_at=now - timedelta(days=2),
                        asked_by="周敏", state=state, outcome=outcome, subject="合作开发与试用（示例）",
                        answer_by=now + timedelta(days=1) if n else now - timedelta(hours=1), is_mutual=n % 3 == 0,
                        level=InterestLevel.STRONG if outcome is Outcome.HELD else None, is_sample=True, **seat,
                    )
                )  # fmt: skip
            session.add(Standby(expo_id=expo_id, host_id=bodies[6], guest_id=bodies[-1], since=now, is_sample=True))
    with db.reading() as session:
        query = select(Meeting.id, Meeting.state, Meeting.outcome).where(Meeting.expo_id == expo_id)
        return {outcome or state: key for key, state, outcome in session.execute(query.order_by(Meeting.meeting_no))}


def _face(stage: Stage) -> None:
    _meetings(stage)
    stage.go(MatchingRoute(face="meetings"))
    stage.settle()


def _panel(kind: Outcome | MeetingState, stage: Stage) -> None:
    """The panel of a meeting of this kind."""
    stage.go(MatchingRoute(face="meetings", meeting=_meetings(stage)[kind]))
    stage.settle()


def _request(stage: Stage) -> None:
    _face(stage)
    stage.go("matching").face.meetings.add()
    stage.settle()


MEETINGS: dict[str, Callable[[Stage], Any]] = {
    "meetings": _face,
    "meetings-panel": partial(_panel, MeetingState.ACCEPTED),
    "meetings-held": partial(_panel, Outcome.HELD),
    "meetings-request": _request,
}
"""By name."""
