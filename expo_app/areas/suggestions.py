"""供需对接: the page of suggestions, meetings and their timetable, and the list of what is suggested."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import TRADE, Area, Count, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.model import Answer
from expo_app.specs import MATCHES
from expo_app.specs.list_look import EXPORT, ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.matching import MatchingPage

    return MatchingPage(context)


def _waiting(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import suggestions

    return suggestions.waiting(db, expo_id), "warn"


MATCH_LIST = ListEntry(
    MATCHES,
    command_at=170,
    command=N_("matches 对接建议"),
    can_import=False,
    look=ListLook(N_("对接建议"), N_("共 {n} 条"), N_("单位、题目"), can=frozenset({EXPORT})),
)
AREA = Area(
    "suggestions",
    lists=(MATCH_LIST,),
    pages=(
        PageDef("matching", N_("供需对接"), "links", _page, TRADE, _waiting),
        PageDef(MATCHES.name, MATCHES.title, MATCHES.icon, MATCH_LIST.make, spec=MATCHES, inside="matching"),
    ),
    pills={Answer.WAITING: "warn", Answer.ACCEPTED: "ok", Answer.DECLINED: "mute", Answer.NOT_ASKED: "mute"},
)
