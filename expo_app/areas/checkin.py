"""签到台."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import ON_SITE, ON_THE_SPOT, Area, ListEntry, PageDef, SectionDef, Verb
from expo_app.i18n import N_, _
from expo_app.model import Verdict
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import checkin_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import ATTENDEES, CHECKINS, DESKS, EXPOS, GATES, ROOMS
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.checkin_desk import CheckinDesk

    return CheckinDesk(context)


def _gates(context: Context) -> Page:
    from expo_app.ui.pages.settings.gates import GatesList

    return GatesList(context)


def _verb() -> Verb:
    from expo_app.areas.checkin_verb import VERB

    return VERB


def _recount(db: Database) -> str:
    from expo_app.services import presence

    return _("在场人数重新数过，改正 {n} 处").format(n=presence.recount(db))


AREA = Area(
    "checkin",
    lists=(
        ListEntry(
            GATES,
            Rules(
                before=(checkin_rules.places_stay,),
                after=(checkin_rules.hours_of_gates, checkin_rules.categories_of_gates),
            ),
            command_at=117,
            look=ListLook(N_("入口与通道"), N_("共 {n} 个")),
            section=SectionDef(21, N_("入口与通道"), "door-line", ON_THE_SPOT, _gates),
        ),
        ListEntry(
            DESKS,
            command_at=118,
            look=ListLook(N_("签到台"), N_("共 {n} 台")),
            section=SectionDef(22, N_("签到台"), "computer-line", ON_THE_SPOT),
        ),
        ListEntry(CHECKINS, command_at=100, can_import=False, shown_by=ATTENDEES),
    ),
    adds=((EXPOS, Rules(after=(checkin_rules.gates_of_expos,))), (ROOMS, Rules(after=(checkin_rules.gates_of_rooms,)))),
    copies=checkin_rules.copy_desks,
    pages=(
        PageDef(
            "checkin_desk",
            N_("签到台"),
            "qr-scan-2",
            _page,
            ON_SITE,
            shortcut="F11",
            own_window=True,
            permission="checkin.scan",
        ),
    ),
    verb=_verb,
    recount=_recount,
    steps=(
        FirstStep(
            20,
            "gates",
            N_("建入口"),
            N_("观众从哪里进，签到就在哪里"),
            N_("看入口"),
            ListRoute(GATES),
            lacking=N_("没有入口：来的人无处签到，观众数为空。"),
            subject=N_("入口"),
            there=checkin_rules.entrances_of,
            at_start=False,
        ),
        FirstStep(
            21,
            "desks",
            N_("建签到台"),
            N_("一台电脑一个，属于一个入口"),
            N_("建签到台"),
            ListRoute(DESKS, new=True),
            lacking=N_("没有签到台：扫码枪没有地方用。"),
            at_start=False,
        ),
    ),
    pills=dict.fromkeys(Verdict, "bad") | {Verdict.ADMITTED: "ok", Verdict.AGAIN: "warn", Verdict.OUT: "ok"},
)
