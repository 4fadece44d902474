"""排程: the verb that computes the timetable of the meetings; its screen is a face of 供需对接."""

from __future__ import annotations

from expo_app.areas.registration import Area, Verb


def _verb() -> Verb:
    from expo_app.areas.timetable_verb import VERB

    return VERB


AREA = Area("timetable", verb=_verb)
