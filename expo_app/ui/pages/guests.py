"""嘉宾与路演: who speaks where, what is pitched and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from expo_app import plain_text
from expo_app.i18n import N_, _
from expo_app.routes import ListRoute
from expo_app.routes.roadshow import RoadshowRoute
from expo_app.services import guests, records
from expo_app.services.records import Row
from expo_app.services.staff_badges import Ticked, Whom
from expo_app.specs import PEOPLE, PITCHES, PROGRAMME, SPEAKERS, Field
from expo_app.store.database import Database
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.parts.follow_up import TaskBox
from expo_app.ui.parts.staff_dialog import RegisterDialog
from expo_app.ui.records import state_colours
from expo_app.ui.records.list_page import Panel, Toggle
from expo_app.ui.records.list_parts import BulkAction
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists

TITLE = N_("嘉宾与路演")
LISTS = (("speakers", N_("嘉宾")), ("pitches", N_("路演项目")))


class GuestList(SwitchedList):
    """One of the lists."""

    title = TITLE
    lists = LISTS


# --- guests ---


class SpeakerDialog(RecordDialog):
    """A person chosen from the list brings organisation and title along."""

    def _on_picked(self, name: str, record_id: Any) -> None:
        if name == "person":
            known = records.get(self.context.db, PEOPLE, record_id)
            given = {"organisation": known.get("organisation_id"), "person_title": known.get("title")}
            self.form.fill({field: value for field, value in given.items() if value})
        else:
            super()._on_picked(name, record_id)


class SpeakersPage(GuestList):
    spec = SPEAKERS
    noun, counted = N_("嘉宾"), N_("共 {n} 人次")
    placeholder = N_("姓名、单位、活动、拼音首字母")
    columns = ("person", "organisation", "role", "clash", "item_id", "starts_at", "room", "topic")
    stretch = "topic"
    also_shows = ("person", "organisation", "room", "venue", "agenda_entry", "expo", "expo_venue")
    facts = ("organisation", "person_title", "item_id", "starts_at", "room", "topic")
    dialog_class = SpeakerDialog
    can_import = False  # speakers come in with the programme

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return guests.speaker_rows(db, expo_id, self.fields) if expo_id else []

    def save(self, values: dict[str, Any], record_id: uuid.UUID | None, seen: Mapping[str, Any]) -> uuid.UUID:
        expo_id = self.context.expo_id
        assert expo_id is not None  # noqa: S101  (a speaker belongs to an item of an expo)
        return guests.save_speaker(self.context.db, expo_id, values, record_id, seen)

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[BulkAction]:
        may = self.context.may_write(self.spec.permission) and self.context.may_write("attendees.edit")
        return [(_("嘉宾制证"), "user-add-line", self.register)] if may else []

    def register(self, ids: Sequence[uuid.UUID]) -> None:
        """Look at whom of these could be registered, then do so."""
        RegisterDialog(self, self.context, Ticked(Whom.SPEAKERS, tuple(ids)), self.acts).open()

    def fact(self, rows: Sequence[Row]) -> str:
        people = {(self.value(row, "person"), self.value(row, "organisation")) for row in rows}
        clashing = sum(bool(self.value(row, "clash")) for row in rows)
        words = _("嘉宾 {n} 人，{m} 人次").format(n=len(people), m=len(rows))
        return words + (_(" · 时间冲突 {n} 人次").format(n=clashing) if clashing else "")

    def filters(self) -> list[Toggle]:
        return [Toggle("clashing", _("有冲突"), lambda row: bool(self.value(row, "clash")))]

    def cell_pill(self, field: Field, value: Any) -> str:
        return "bad" if field.name == "clash" else state_colours.pill(value)

    def words(self, field: Field, value: Any) -> str:
        zone = self.context.expo.zone if self.context.expo else None
        if field.name == "starts_at" and value is not None and zone is not None:
            return f"{value.astimezone(zone):%m-%d %H:%M}"
        return super().words(field, value)

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        facts = [values.get("organisation"), values.get("person_title")]
        role = values["role"]
        return values["person"], " · ".join(filter(None, facts)), [(role.label, state_colours.pill(role))]

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        return [Panel("parts", _("全部场次"), partial(self._parts, record_id))]

    def _parts(self, record_id: uuid.UUID) -> list[QWidget]:
        return [self._part(part) for part in guests.parts_of(self.context.db, record_id)]

    def _part(self, part: guests.Part) -> QWidget:
        expo = self.context.expo
        at = f"{part.at.astimezone(expo.zone):%m-%d %H:%M}" if part.at and expo else _("待排")
        row = ItemRow(
            part.item,
            lead=(at, "mute"),
            clicked=partial(self.context.navigate, ListRoute(PROGRAMME, record=part.item_id)),
        )
        row.setToolTip(plain_text.shown("\n".join(filter(None, (part.item, part.room, part.role.label, part.topic)))))
        return row

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        return [Button(_("看日程"), icon="calendar-event-line", clicked=partial(self._go, record_id))]

    def _go(self, record_id: uuid.UUID) -> None:
        part = next((p for p in guests.parts_of(self.context.db, record_id) if p.id == record_id), None)
        if part is not None:
            self.context.navigate(ListRoute(PROGRAMME, record=part.item_id))


# --- pitches ---


class PitchesPage(GuestList):
    spec = PITCHES
    noun, counted = N_("路演项目"), N_("共 {n} 项")
    placeholder = N_("项目、路演人、拼音首字母")
    columns = ("position", "achievement_id", "owner", "presenter", "mean", "score", "interest", "comments", "item_id")
    stretch = "comments"
    chips = ("item_id",)
    also_shows = ("achievement", "organisation", "programme_item", "pitch_score", "score_criterion")

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return guests.pitch_rows(db, expo_id, self.fields) if expo_id else []

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        chain = ChainStrip(self.context, self.spec.name, record_id)
        return [chain, TaskBox(self, self.context, self.acts, "pitch_id", record_id)]

    def words(self, field: Field, value: Any) -> str:
        return f"{value:.2f}" if field.name == "mean" and value is not None else super().words(field, value)

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
        pills = [(_("已取消"), "mute")] if values["is_cancelled"] else []
        return values["achievement_id"], values["item_id"], pills

    def actions(self) -> list[Any]:
        go = partial(self.context.navigate, RoadshowRoute())
        return [*super().actions(), Button(_("记录台"), icon="slideshow-3-line", clicked=go)]

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if not self.context.may_write(self.spec.permission):
            return []
        ways = ((_("上移"), "arrow-up-line", -1), (_("下移"), "arrow-down-line", 1))
        buttons = [Button(words, icon=icon, clicked=partial(self.shift, record_id, by)) for words, icon, by in ways]
        for button, keys in zip(buttons, ("Alt+↑", "Alt+↓"), strict=True):
            button.setToolTip(keys)
        return buttons

    def shift(self, record_id: uuid.UUID, by: int) -> None:
        """One place earlier or later in its roadshow."""
        db = self.context.db
        words = _("“{name}”已上移") if by < 0 else _("“{name}”已下移")
        moved = []
        name = self.name_of(record_id)
        if self.attempt(lambda: moved.append(guests.shift_pitch(db, record_id, by))) and any(moved):
            undo, redo = (partial(guests.shift_pitch, db, record_id, step) for step in (-by, by))
            self.remember(words.format(name=name), undo, redo)
            self.refresh()
            self.view.select_id(record_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        alt = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier
        current = self.view.current_id()
        if alt and event.key() in steps and current is not None and self.context.may_write(self.spec.permission):
            self.shift(current, steps[event.key()])  # type: ignore[index]
        else:
            super().keyPressEvent(event)


PAGES: dict[str, type[GuestList]] = {"speakers": SpeakersPage, "pitches": PitchesPage}


class GuestsPage(SwitchedLists):
    """The lists, one of them in front."""

    pages = PAGES
