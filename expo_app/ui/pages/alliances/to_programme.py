"""进日程: an event of an alliance becomes an item of the open expo's programme, by the item's own form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import SharingEventState
from expo_app.rules import partial_days
from expo_app.services import alliance_acts
from expo_app.services.steps import Step
from expo_app.specs import PROGRAMME
from expo_app.specs.alliances_shown import EventLine
from expo_app.ui.context import Context
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import step_act

BEGINS = time(9)
"""The hour offered for what has a day alone."""


def may_enter(context: Context, event: EventLine) -> bool:
    """Whether 进日程 is offered: what is on other days than the expo's is none of its programme."""
    expo = context.expo
    if expo is None or event.programme_item_id is not None or not context.may_write(PROGRAMME.permission):
        return False
    if event.state is SharingEventState.CANCELLED or not partial_days.meets(event.on_day, expo.starts_on, expo.ends_on):
        return False
    return partial_days.is_full(event.on_day) or event.state is not SharingEventState.HELD


def to_programme(page: ListPage, event: EventLine) -> None:
    """Ask for hour and room, make the item, and link both; one act to take back."""
    context, expo = page.context, page.context.expo
    if expo is None:
        return
    day = max(partial_days.first_day(event.on_day), expo.starts_on)
    starts = datetime.combine(day, BEGINS, expo.zone)

    def save(values: dict[str, Any], _id: uuid.UUID | None, _seen: Mapping[str, Any]) -> uuid.UUID:
        return alliance_acts.put_in_programme(context.db, expo.id, event.id, values)

    def saved(_item: uuid.UUID, _values: Mapping[str, Any], step: Step | None) -> None:
        page.acts.add(step_act(_("“{name}”已进日程").format(name=event.title), context.db, step))

    given = {"title": event.title, "starts_at": starts, "capacity": event.capacity}
    dialog = RecordDialog(page, context, PROGRAMME, noun=N_("日程"), values=given, save=save)
    dialog.saved.connect(saved)
    dialog.open()
