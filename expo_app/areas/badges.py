"""胸卡与打印."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import ON_SITE, Area, Count, PageDef, Verb
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.routes.badges import BadgesRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import attendees_rules
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.badges import BadgesPage

    return BadgesPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import badges

    stock = badges.stock(db, expo_id)
    return stock.unprinted, "warn"


def _cards(writing: Writing) -> None:
    from expo_app.documents.badges import write_badges
    from expo_app.services import badges

    cards = badges.cards(writing.db, writing.expo.id)
    write_badges(cards, writing.path, writing.layout, writing.progress, now=writing.now)


def _verb() -> Verb:
    from expo_app.areas.badges_verb import VERB

    return VERB


AREA = Area(
    "badges",
    pages=(PageDef("badges", N_("胸卡与打印"), "printer", _page, ON_SITE, _count),),
    reports=(
        Document(
            "badges",
            N_("胸卡打印版"),
            N_("全部在用胸卡，90 × 130 mm。"),
            group=FOR_STAFF,
            at=80,
            formats=("pdf",),
            shape="cards",
            write=_cards,
            permission="badges.issue",
        ),
    ),
    verb=_verb,
    steps=(
        FirstStep(
            9,
            "badges",
            N_("制证"),
            N_("发胸卡，打印，然后就能签到"),
            N_("去制证"),
            BadgesRoute(),
            lacking=N_("没有发出的胸卡：扫码认不出人。"),
            subject=N_("胸卡"),
            there=attendees_rules.badges_of,
        ),
    ),
    pills={"ISSUED": "warn", "PRINTED": "info", "HANDED_OVER": "ok"},  # badge_state()
)
