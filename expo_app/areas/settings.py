"""数据与设置."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import Area, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.services import expos_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXPOS, OPERATORS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.settings import SettingsPage

    return SettingsPage(context)


AREA = Area(
    "settings",
    lists=(ListEntry(EXPOS, Rules(after=(expos_rules.organisers,))), ListEntry(OPERATORS)),
    pages=(PageDef("settings", N_("数据与设置"), "settings-3", _page, at_end=True),),
)
