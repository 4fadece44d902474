"""类目: the words an organiser classifies by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import GROUNDS, Area, ListEntry, SectionDef
from expo_app.i18n import N_
from expo_app.model import Category, Word
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import categories, categories_rules, words_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import CATEGORIES, EXPOS, INDUSTRIES, VOCABULARIES, WORDS
from expo_app.specs.list_look import ListLook

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

CATEGORY_RULES = words_rules.rules_for(Category.__table__).followed_by(Rules(before=(categories_rules.fill_in,)))
RULES = words_rules.rules_for(Word.__table__)


def _page(context: Context) -> Page:
    from expo_app.ui.pages.vocabularies import VocabulariesPage

    return VocabulariesPage(context)


AREA = Area(
    "words",
    lists=(
        ListEntry(
            WORDS,
            RULES,
            command_at=110,
            command=N_("words 类目"),
            look=ListLook(N_("类目"), N_("共 {n} 个词")),
            section=SectionDef(17, N_("类目"), "price-tag-3-line", GROUNDS, _page),
        ),
        ListEntry(
            CATEGORIES,
            CATEGORY_RULES,
            command_at=115,
            command=N_("categories 参会类别"),
            look=ListLook(N_("参会类别"), N_("共 {n} 类")),
            section=SectionDef(0, N_("参会类别"), "price-tag-3-line", GROUNDS, inside="words"),
        ),
        *(
            ListEntry(spec, RULES, section=SectionDef(0, spec.title, "price-tag-3-line", GROUNDS, inside="words"))
            for spec in VOCABULARIES
        ),
    ),
    adds=((EXPOS, Rules(after=(words_rules.words_of_expos,))),),
    copies=words_rules.copy_words,
    steps=(
        FirstStep(
            34,
            "categories",
            N_("定参会类别"),
            N_("谁算观众、谁从哪里进、胸卡上是哪个字母"),
            N_("去定"),
            ListRoute(CATEGORIES),
            lacking=N_("没有参会类别：登记不了人，也制不了证。"),
            at_start=False,
        ),
        FirstStep(
            35,
            "industries",
            N_("定产业"),
            N_("用自己的产业，或套用一套现成的"),
            N_("去定"),
            ListRoute(INDUSTRIES),
            optional=True,
            lacking=N_("没有产业：会刊、展位图和报告里分不出产业。"),
            at_start=False,
        ),
        FirstStep(
            36,
            "quotas",
            N_("定名额规则"),
            N_("多少平方米一个证，或每家几个"),
            N_("去定"),
            ListRoute(CATEGORIES),
            optional=True,
            lacking=N_("没有名额规则：一家登记多少人都不会提醒。"),
            subject=N_("名额规则"),
            there=categories.with_quota,
            at_start=False,
        ),
    ),
)
