"""供需对接 → 洽谈: requests, meetings and their outcomes, and who stands by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expo_app.areas.registration import Area, Found, ListEntry, Offer
from expo_app.i18n import N_
from expo_app.model import MeetingState, Outcome
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.meeting_requests import Standing
from expo_app.services import meetings_rules
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import MEETINGS, ORGANISATIONS, STANDBY
from expo_app.specs.list_look import ListLook

PAGE, FACE = "matching", "meetings"
PILLS: Mapping[Any, str] = {
    MeetingState.REQUESTED: "warn", MeetingState.ACCEPTED: "info", Outcome.HELD: "ok", Outcome.REPLACED: "ok",
    Outcome.NO_SHOW_A: "bad", Outcome.NO_SHOW_B: "bad", Outcome.MOVED: "info",
    Standing.WAITING: "warn", Standing.EXPIRED: "mute", Standing.UNPLACED: "plum", Standing.PLACED: "info",
    Standing.RUNNING: "info", Standing.OVER: "warn", Standing.HELD: "ok", Standing.REPLACED: "ok",
    Standing.NO_SHOW_A: "bad", Standing.NO_SHOW_B: "bad", Standing.MOVED: "info",
}  # fmt: skip
AREA = Area(
    "meetings",
    adds=((ORGANISATIONS, Rules(folding=Folding(before=(meetings_rules.not_met_by_itself,)))),),
    lists=(
        ListEntry(
            MEETINGS,
            Rules(
                before=(meetings_rules.fill_in_meetings,),
                reviews=(meetings_rules.people_and_places_are_there, meetings_rules.seats_are_free),
                holds=(meetings_rules.seat_is_free,),
                stands=(meetings_rules.seats_stand,),
            ),
            command_at=75,
            page=PAGE,
            look=ListLook(N_("洽谈"), N_("共 {n} 场洽谈")),
            found=Found(
                75, ("subject", "meeting_no", "a_id", "b_id", "state"),
                route=lambda key: MatchingRoute(face=FACE, meeting=key),
            ),
            imported=Offer(75, N_("导入洽谈")),
        ),
        ListEntry(
            STANDBY,
            Rules(before=(meetings_rules.fill_in_standby,)),
            command_at=76,
            page=PAGE,
            look=ListLook(N_("候补"), N_("共 {n} 家")),
        ),
    ),
    pills=PILLS,
)  # fmt: skip
