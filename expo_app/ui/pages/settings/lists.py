"""The lists of 数据与设置 that do more than a plain one: expos and operators."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from expo_app.i18n import N_, _
from expo_app.rules.access import PIN_ROLES
from expo_app.services import expos, records
from expo_app.services.statistics.attendance import guests_effect
from expo_app.specs import EXPOS, OPERATORS
from expo_app.specs.expo import ORGANISERS
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.pages.settings.pins import PinDialog
from expo_app.ui.records import drafts
from expo_app.ui.records.editors import today
from expo_app.ui.records.form import follow_start
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import step_act


class ExpoDialog(RecordDialog):
    """A new expo may take over the set-up of another: `take_over(id)`, or the choice above the form."""

    several = MappingProxyType(dict.fromkeys(ORGANISERS, "organisations") | {"venues": "venues"})

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.form.edited.connect(partial(follow_start, self.form))
        self.like = ComboBox()
        self.like.addItem(_("不沿用"), None)
        for expo in expos.all_expos(self.context.db) if self.record_id is None else ():
            self.like.addItem(expo.name, expo.id)
        if self.like.count() > 1:
            hint = _("展区、展位和签到台照抄，展位全部空出")
            self.body.insertWidget(1, FormField(_("沿用"), self.like, hint))
            self.like.currentIndexChanged.connect(lambda _place: self._begin_like(self.like.currentData()))

    def _take(self, draft: drafts.Draft) -> None:
        """A draft of version 0.1.0 names the one venue that an expo had then."""
        values = {"venues" if name == "venue_id" else name: value for name, value in draft.values.items()}
        super()._take(replace(draft, values=values))

    def _store(self, values: dict[str, Any]) -> None:
        """Who counts as a visitor is asked once more, with what it makes of the figures."""
        rule = values.get("counts_guests", self.seen.get("counts_guests"))
        if self.record_id is None or rule == self.seen.get("counts_guests"):
            super()._store(values)
            return
        told = guests_effect(self.context.db, self.record_id, bool(rule))
        said = "\n".join(f"{now.label}  {now.shown} → {then.shown}" for now, then in told)
        title = _("嘉宾和演讲人计入观众？") if rule else _("嘉宾和演讲人不再计入观众？")
        keeps = _("已核定的发布版本不变。")
        messages.confirm(self, title, f"{said}\n{keeps}", _("改"), partial(super()._store, values))

    def usual_day(self) -> date:
        """An expo is made for days to come."""
        return today() if self.record_id is None else self.seen["starts_on"]

    def take_over(self, expo_id: uuid.UUID) -> None:
        """Choose the expo to begin with."""
        ids = [self.like.itemData(place) for place in range(self.like.count())]
        self.like.setCurrentIndex(ids.index(expo_id))

    def _begin_like(self, expo_id: uuid.UUID | None) -> None:
        if expo_id is not None:
            values = records.get(self.context.db, EXPOS, expo_id)
            start = {name: values[name] for name in ("venues", "short_name", "time_zone", *ORGANISERS)}
            self.form.fill(start | {"edition_no": (values["edition_no"] or 0) + 1})

    def store(self, values: dict[str, Any]) -> uuid.UUID:
        """Of a new one, with what it takes over."""
        if self.record_id is not None:
            return super().store(values)
        return expos.create(self.context.db, values, self.like.currentData())


class ExposList(ListPage):
    """Every expo of the file; a new one may start from another's set-up."""

    spec, dialog_class = EXPOS, ExpoDialog
    also_shows = ("expo_organiser", "organisation", "expo_venue", "venue")
    noun, counted = N_("展会"), N_("共 {n} 届")
    can_import = can_delete = False

    def save(self, values: dict[str, Any], record_id: uuid.UUID | None, seen: Mapping[str, Any]) -> uuid.UUID:
        """Of one that is there, which need not be the one worked in; a new one is kept by its dialog."""
        return records.save(self.context.db, EXPOS, values, record_id, seen=seen)

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if not self.context.may_write("settings.edit"):
            return []
        again = Button(_("沿用为下一届"), icon="file-copy-line", clicked=partial(self._begin_next, record_id))
        use = Button(_("切换到这届"), "primary", "arrow-right-line", clicked=partial(self._switch, record_id))
        return [again, use] if record_id != self.context.expo_id else [again]

    def _begin_next(self, record_id: uuid.UUID) -> None:
        """A new expo that takes over from this one what every area copies."""
        dialog = ExpoDialog(self, self.context, EXPOS, noun=self.noun)
        dialog.take_over(record_id)
        said = _("已新建，展区、展位和签到台已沿用")
        dialog.saved.connect(lambda _id, _values, step: self.acts.add(step_act(said, self.context.db, step)))
        dialog.open()

    def _switch(self, record_id: uuid.UUID) -> None:
        expo = next((e for e in expos.all_expos(self.context.db) if e.id == record_id), None)
        if expo is not None:
            self.context.set_expo(expo)


class OperatorsList(ListPage):
    """Who works with the program; administrators and supervisors carry a PIN."""

    spec, noun, counted = OPERATORS, N_("操作员"), N_("共 {n} 人")
    can_import = can_export = False

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        if values["role"] not in PIN_ROLES or not self.context.may_write("operators.edit"):
            return []
        return [Button(_("设置 PIN"), "primary", "key-line", clicked=partial(self._ask_pin, record_id, values["name"]))]

    def _ask_pin(self, record_id: uuid.UUID, name: str) -> None:
        box = PinDialog(self, self.context, record_id, name)
        said = _("{name} 的 PIN 已更换").format(name=name)
        box.closed.connect(lambda kept: messages.show(self, said, "ok") if kept else None)
        box.open()
