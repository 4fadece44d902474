"""数据与设置."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import (
    DATA,
    GROUNDS,
    MACHINE,
    ON_THE_SPOT,
    Act,
    Area,
    Found,
    ListEntry,
    PageDef,
    SectionDef,
)
from expo_app.i18n import N_
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import expos_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXPOS, OPERATORS

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.settings import SettingsPage

    return SettingsPage(context)


def _expos(context: Context) -> Page:
    from expo_app.ui.pages.settings.lists import ExposList

    return ExposList(context)


def _operators(context: Context) -> Page:
    from expo_app.ui.pages.settings.lists import OperatorsList

    return OperatorsList(context)


def _imports(context: Context) -> Page:
    from expo_app.ui.pages.settings.data import ImportsSection

    return ImportsSection(context)


def _backup(context: Context) -> Page:
    from expo_app.ui.pages.settings.data import BackupSection

    return BackupSection(context)


def _doctor(context: Context) -> Page:
    from expo_app.ui.pages.settings.data import DoctorSection

    return DoctorSection(context)


def _look(context: Context) -> Page:
    from expo_app.ui.pages.settings.look import LookSection

    return LookSection(context)


AREA = Area(
    "settings",
    lists=(
        ListEntry(
            EXPOS,
            Rules(after=(expos_rules.organisers, expos_rules.venues)),
            section=SectionDef(10, N_("展会"), "calendar-event-line", GROUNDS, _expos),
        ),
        ListEntry(
            OPERATORS,
            section=SectionDef(23, N_("操作员"), "user-settings-line", ON_THE_SPOT, _operators),
            found=Found(9, ("name", "role"), few=True),
        ),
    ),
    pages=(PageDef("settings", N_("数据与设置"), "settings-3", _page, at_end=True),),
    sections=(
        SectionDef(40, N_("导入记录"), "upload-2-line", DATA, _imports, "imports"),
        SectionDef(41, N_("备份与恢复"), "archive-line", DATA, _backup, "backup"),
        SectionDef(42, N_("检查"), "shield-check-line", DATA, _doctor, "doctor"),
        SectionDef(50, N_("外观与语言"), "palette-line", MACHINE, _look, "look"),
    ),
    acts=(Act(N_("新建展会"), "settings", "add-line", "settings.edit", ListRoute(EXPOS, new=True)),),
    steps=(
        FirstStep(
            1,
            "venues",
            N_("填展馆"),
            N_("在哪里办，写进展会资料"),
            N_("去填"),
            lambda expo_id: ListRoute(EXPOS, record=expo_id),
        ),
    ),
)
