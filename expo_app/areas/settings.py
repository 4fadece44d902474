"""数据与设置."""

from __future__ import annotations

import uuid
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
    Verb,
)
from expo_app.i18n import N_
from expo_app.routes import ListRoute, Route
from expo_app.routes.first_steps import FirstStep
from expo_app.services import expos_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXPOS, OPERATORS
from expo_app.specs.expo import venues_of

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


def _missing(context: Context) -> Page:
    from expo_app.ui.pages.settings.missing import MissingSection

    return MissingSection(context)


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


def _this_expo(expo_id: uuid.UUID | None) -> Route:
    return ListRoute(EXPOS, record=expo_id)


def _verb() -> Verb:
    from expo_app.areas.settings_verb import VERB

    return VERB


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
        SectionDef(19, N_("还差什么"), "list-check", GROUNDS, _missing, "missing"),
        SectionDef(40, N_("导入与合并"), "history-line", DATA, _imports, "imports"),
        SectionDef(41, N_("备份与恢复"), "archive-line", DATA, _backup, "backup"),
        SectionDef(42, N_("检查"), "shield-check-line", DATA, _doctor, "doctor"),
        SectionDef(50, N_("外观与语言"), "palette-line", MACHINE, _look, "look"),
    ),
    acts=(Act(N_("新建展会"), "settings", "add-line", "settings.edit", ListRoute(EXPOS, new=True)),),
    verb=_verb,
    steps=(
        FirstStep(
            1,
            "venues",
            N_("填展馆"),
            N_("在哪里办，写进展会资料"),
            N_("去填"),
            _this_expo,
            lacking=N_("没有展馆：展厅和会场没有着落，文件上没有地点。"),
            there=venues_of,
        ),
        FirstStep(
            30,
            "hosts",
            N_("填主办单位"),
            N_("几家用顿号隔开，印在文件上"),
            N_("去填"),
            _this_expo,
            optional=True,
            lacking=N_("没有主办单位：总结报告和会刊上不写谁主办。"),
            subject=N_("主办单位"),
            there=expos_rules.hosts_of,
            at_start=False,
        ),
        FirstStep(
            31,
            "permits",
            N_("填备案号或许可文号"),
            N_("办过备案或许可的，写进展会资料"),
            N_("去填"),
            _this_expo,
            optional=True,
            lacking=N_("没有备案号或许可文号：总结报告里不写这一条。"),
            subject=N_("备案与许可"),
            there=expos_rules.permits_of,
            at_start=False,
        ),
        FirstStep(
            32,
            "approved_headcount",
            N_("填核定人数"),
            N_("许可文件上同时在场的上限"),
            N_("去填"),
            _this_expo,
            optional=True,
            lacking=N_("没有核定人数：在场的人满了也无从知道。"),
            subject=N_("核定人数"),
            there=expos_rules.headcount_of,
            at_start=False,
        ),
    ),
)
