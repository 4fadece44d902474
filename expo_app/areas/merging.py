"""查重与合并."""

from __future__ import annotations

from expo_app.areas.registration import Area, Verb


def _verb() -> Verb:
    from expo_app.areas.merging_verb import VERB

    return VERB


AREA = Area("merging", verb=_verb)
