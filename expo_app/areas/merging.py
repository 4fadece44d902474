"""查重与合并."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import NAMES, Area, SectionDef, Verb
from expo_app.i18n import N_

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.settings.duplicates import DuplicatesPage

    return DuplicatesPage(context)


def _verb() -> Verb:
    from expo_app.areas.merging_verb import VERB

    return VERB


AREA = Area(
    "merging", sections=(SectionDef(32, N_("查重与合并"), "git-merge-line", NAMES, _page, "duplicates"),), verb=_verb
)
