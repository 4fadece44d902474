"""供需对接 → 洽谈: requests, meetings and outcomes in one list, who stands by in another; badges are checked in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.model import MeetingState
from expo_app.routes import ListRoute, Route
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.meeting_requests import Standing
from expo_app.rules.palette_rows import Command
from expo_app.services import meeting_desk, meetings, records
from expo_app.services.meeting_desk import CameIn
from expo_app.services.meetings import MeetingCard
from expo_app.services.record_writer import Writer, followed
from expo_app.services.records import Row
from expo_app.specs import MEETINGS, STANDBY
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button, act_kind
from expo_app.ui.kit.filters import Toggle
from expo_app.ui.kit.menus import Menu
from expo_app.ui.pages.matching import meeting_acts
from expo_app.ui.pages.matching.face import settings_button
from expo_app.ui.pages.matching.meeting_panel import meeting_notices
from expo_app.ui.pages.matching.meeting_request import RequestDialog
from expo_app.ui.parts.list_face import InFace, ListsFace
from expo_app.ui.records import state_colours
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

EDITED = ("subject", "a_person", "b_person", "level", "amount_from", "amount_to", "next_step", "note")
"""What a form changes of a meeting; who asks whom stays, and everything else is an act."""
EVERY = 60_000
"""Milliseconds between two looks at the clock: how a meeting stands changes with it."""
ON_PANEL = 1
"""Acts at the foot of the panel beside 编辑; all of them are above."""


class InMatching(InFace):
    """A list of matchmaking: empty, it leads to what it needs first."""

    def elsewhere(self) -> Sequence[QWidget]:
        return (settings_button(self.context),)


class MeetingDialog(RecordDialog):
    """What may be changed of a meeting by a form."""

    def make_form(self) -> Form:
        expo = self.context.expo
        fields = [self.spec.field(name) for name in EDITED]
        return Form(self.spec, zone=expo.zone if expo else None, look_up=self.context.options, fields=fields)


class MeetingsList(InMatching):
    spec = MEETINGS
    noun, counted = N_("洽谈"), N_("共 {n} 场洽谈")
    placeholder = N_("单位、议题、桌位、编号、拼音首字母")
    columns = ("meeting_no", "a_id", "b_id", "subject", "place", "starts_at", "standing", "level")
    stretch = "b_id"
    gives_way = ("level", "meeting_no", "subject", "place")
    chips = ("standing", "level")
    also_reads = ("state",)
    also_shows = ("meeting_place", "person", "standby", "matching_consent", "matching_settings", "deal")
    facts = (
        "asked_at", "asked_by", "answer_by", "answered_at", "answer_how", "reason", "amount_from", "amount_to",
        "next_step", "note", "deal",
    )  # fmt: skip
    dialog_class = MeetingDialog
    menu: Menu | None = None
    add_words = N_("请求洽谈")

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return meetings.rows(db, expo_id, self.fields)

    def filters(self) -> list[Toggle]:
        return [
            Toggle("waiting", _("待答复"), lambda row_: self.value(row_, "standing") is Standing.WAITING),
            Toggle("agreed", _("双方已同意"), lambda row_: self.value(row_, "state") is MeetingState.ACCEPTED),
            Toggle("unplaced", _("未排"), lambda row_: self.value(row_, "standing") is Standing.UNPLACED),
            Toggle("over", _("待记结果"), lambda row_: self.value(row_, "standing") is Standing.OVER),
            Toggle("today", _("今天"), lambda row_: self._is_today(self.value(row_, "starts_at"))),
            Toggle("missed", _("爽约"), lambda row_: self.value(row_, "standing") in meeting_acts.MISSED),
        ]

    def _is_today(self, moment: Any) -> bool:
        expo = self.context.expo
        return moment is not None and expo is not None and expo.local_day(moment) == expo.local_day(self.context.now())

    def fact(self, rows: Sequence[Row]) -> str:
        """How many there are, and what was measured, each with its whole."""
        found = meetings.rates([self.value(row_, "standing") for row_ in rows])
        parts = [super().fact(rows)]
        if found.answered:
            parts.append(_("接受 {n}/{m}").format(n=found.accepted, m=found.answered))
        if found.ended:
            parts.append(_("已洽谈 {n}/{m}").format(n=found.held, m=found.ended))
            parts.append(_("爽约 {n}/{m}").format(n=found.missed, m=found.ended))
        return " · ".join(parts)

    # --- a new one ---

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        if self.context.may_write(self.spec.permission) and self.context.expo_id is not None:
            RequestDialog(self, self.context, self.do, values or {}, self._on_asked).open()

    def _on_asked(self, key: uuid.UUID) -> None:
        self._wanted["record"] = key
        self.refresh()

    # --- acts ---

    def of(self, card: MeetingCard) -> tuple[Database, Any, uuid.UUID]:
        """What an act of the desk begins with."""
        return self.context.db, self.context.expo_id, card.id

    def values_of(self, record_id: uuid.UUID) -> Mapping[str, Any]:
        """A meeting's values as they are, for a form."""
        return records.get(self.context.db, self.spec, record_id)

    def followed(self, act: Callable[[], object]) -> list[Writer]:
        """Do it in a worker; what it wrote."""
        with followed() as writers:
            act()
        return writers

    def card_of(self, record_id: uuid.UUID) -> MeetingCard | None:
        """A meeting with both sides; None where it is gone or cannot be read."""
        expo_id = self.context.expo_id
        try:
            return meetings.card(self.context.db, expo_id, record_id) if expo_id else None
        except UserError as error:
            messages.show(self, error)
            return None

    def act(self, key: str, record_id: uuid.UUID | None = None) -> bool:
        """What `key` means for the current meeting; whether it means anything."""
        wanted = record_id or self.view.current_id()
        card = self.card_of(wanted) if wanted is not None else None
        found = meeting_acts.acts_for(self, card) if card is not None else []
        meant = next((one for one in found if one.key == key), None)
        if meant is None or card is None:
            return False
        meant.call(self, card)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The figures of the levels are acts too, not only letters."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text() in DIGITS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not (event.modifiers() & ~_SHIFT_OR_PAD)
        key = event.text().upper()
        if not (plain and len(key) == 1 and key in KEYS and self.act(key)):
            super().keyPressEvent(event)

    # --- the panel ---

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        record_id = self.panel.record_id
        card = self.card_of(record_id) if record_id is not None else None
        if card is None:
            return None
        pills = [(card.standing.label, state_colours.pill(card.standing))]
        if values["level"] is not None:
            pills.append((values["level"].label, state_colours.pill(values["level"])))
        facts = (card.no, values["subject"] or _("没有写议题"), _("双方互选") if values["is_mutual"] else "")
        return f"{card.a.name} — {card.b.name}", " · ".join(filter(None, facts)), pills

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        card = self.card_of(record_id)
        return meeting_notices(self, card) if card is not None else []

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        card = self.card_of(record_id)
        found = meeting_acts.acts_for(self, card)[:ON_PANEL] if card is not None else []
        made = [
            Button(
                _(one.words), act_kind(not place, one.takes_away), one.icon, clicked=partial(self._call, one, record_id)
            )
            for place, one in enumerate(found)
        ]
        for button, one in zip(made, found, strict=True):
            button.setToolTip(one.key)
        return made[::-1]

    def _call(self, one: meeting_acts.MeetingAct, record_id: uuid.UUID) -> None:
        if (card := self.card_of(record_id)) is not None:
            one.call(self, card)

    def commands(self) -> Sequence[Command]:
        current = self.view.current_id()
        card = self.card_of(current) if current is not None else None
        found = meeting_acts.acts_for(self, card) if card is not None else []
        return [Command(_(one.words), self.what, one.icon, one.key, partial(self.act, one.key)) for one in found]


class StandbyList(InMatching):
    spec = STANDBY
    noun, counted = N_("候补"), N_("共 {n} 家")
    placeholder = N_("单位、拼音首字母")
    stretch = "note"


_SHIFT_OR_PAD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
KEYS = frozenset(one.key for one in meeting_acts.ACTS)
DIGITS = frozenset(key for key in KEYS if key.isdecimal())


class MeetingsFace(ListsFace):
    """The two lists, one of them in front; a badge that is read checks its holder in."""

    takes_codes = True
    lists = MappingProxyType({"meetings": (N_("洽谈"), MeetingsList), "standby": (N_("候补"), StandbyList)})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._clock = QTimer(self, interval=EVERY)
        self._clock.timeout.connect(self._on_time)
        self._clock.start()

    @property
    def meetings(self) -> MeetingsList:
        """The list of meetings, whichever is in front."""
        found = self.made["meetings"]
        if not isinstance(found, MeetingsList):
            raise TypeError(found)
        return found

    def _on_time(self) -> None:
        if self.isVisible() and self.key == "meetings":
            self.meetings.refresh()

    # --- a badge ---

    def read_code(self, raw: str) -> None:
        """Check its holder in, and show the meeting."""
        expo_id = self.context.expo_id
        if expo_id is None:
            return
        page, found = self.meetings, list[CameIn]()
        self.show_list("meetings")

        def act() -> None:
            found.append(meeting_desk.check_in(self.context.db, expo_id, raw))

        if not page.try_to(_("已签到"), act, meeting_desk.DESK):
            return
        came = found[0]
        words = _("{name}早已签到：{place} · {sides}") if came.is_again else _("{name}已签到：{place} · {sides}")
        said = words.format(name=came.name, place=came.place, sides=f"{came.organisation} — {came.other}")
        messages.show(page, said, "info" if came.is_again else "ok")
        page.open_with(ListRoute(MEETINGS, record=came.meeting_id))

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, MatchingRoute) and route.meeting is not None:
            route = ListRoute(MEETINGS, record=route.meeting)
        super().open_with(route)

    def place(self) -> Route | None:
        return None
