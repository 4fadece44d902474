"""数据与设置."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import (
    DATA,
    ON_SITE,
    PLACES,
    THIS_COMPUTER,
    Area,
    Found,
    ListEntry,
    Offer,
    PageDef,
    Section,
)
from expo_app.i18n import N_
from expo_app.services import checkin_rules, expos_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXPOS, OPERATORS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.settings import SettingsPage

    return SettingsPage(context)


def _expos(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.lists import ExposList

    return ExposList(context)


def _operators(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.lists import OperatorsList

    return OperatorsList(context)


def _imports(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.data import ImportsSection

    return ImportsSection(context)


def _backup(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.data import BackupSection

    return BackupSection(context)


def _doctor(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.data import DoctorSection

    return DoctorSection(context)


def _look(context: Context) -> QWidget:
    from expo_app.ui.pages.settings.look import LookSection

    return LookSection(context)


AREA = Area(
    "settings",
    lists=(
        ListEntry(EXPOS, Rules(after=(checkin_rules.gates_of_expos, expos_rules.organisers))),
        ListEntry(OPERATORS, found=Found("settings", 90, ("name", "role"), section="operators", few=True)),
    ),
    pages=(PageDef("settings", N_("数据与设置"), "settings-3", _page, at_end=True),),
    sections=(
        Section("expos", N_("展会"), "calendar-event-line", _expos, PLACES, 10),
        Section("operators", N_("操作员"), "user-settings-line", _operators, ON_SITE, 90),
        Section("imports", N_("导入记录"), "upload-2-line", _imports, DATA, 120),
        Section("backup", N_("备份与恢复"), "archive-line", _backup, DATA, 130),
        Section("doctor", N_("检查"), "shield-check-line", _doctor, DATA, 140),
        Section("look", N_("外观与语言"), "palette-line", _look, THIS_COMPUTER, 150),
    ),
    offers=(Offer(N_("新建展会"), "settings.edit", "add-line", "settings", {"section": "expos", "new": True}),),
)
