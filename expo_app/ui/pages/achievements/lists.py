"""The lists below the heat table: results, demands and open calls, each with its own filter, scroll and row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import Counted, DemandState
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.open_calls import Standing, stood
from expo_app.services import guests
from expo_app.services.records import Row
from expo_app.specs import ACHIEVEMENTS, DEMANDS, Field
from expo_app.specs.figures import Trace
from expo_app.store.database import Database
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.filters import Facet, enum_facet
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.records.list_page import ListPage, Panel

VIEWS = (("results", N_("成果")), ("demands", N_("技术需求")), ("calls", N_("揭榜挂帅")))
"""Key and words of the switch before the search."""


class Shelf(ListPage):
    """One of the lists. `counted_as`: which of the heat tables stands above it; `finds`: what S is for."""

    key: ClassVar[str]
    counted_as: ClassVar[Counted]
    finds: ClassVar[str]
    one_line = True

    def _toolbar(self) -> list[Button]:
        """They stand in the page's header."""
        self.tools = super()._toolbar()
        return []

    def _build(self) -> None:
        super()._build()
        self.header.hide()  # the page has one for all
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.switch = Segmented([(key, _(words)) for key, words in VIEWS], self.key)
        self.switch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.bar.lead.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        self._foot.add_keys("S", _(self.finds))

    def narrow(self, trace: Trace | None) -> None:
        """Show the records behind a number of the heat table, beside whatever else is chosen; None: all again."""
        self._trace = trace
        if trace is None:
            self.bar.only(None)
        else:
            self._narrow(afresh=True)

    def route_of(self, record_id: uuid.UUID) -> MatchingRoute:
        """Where S goes to with a record."""
        raise NotImplementedError

    def look_for(self, record_id: uuid.UUID | None = None) -> None:
        """Take a record, the current one without an id, to matchmaking."""
        wanted = record_id or self.view.current_id()
        if wanted is not None:
            self.context.navigate(self.route_of(wanted))

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        button = Button(_(self.finds), icon="links-line", clicked=partial(self.look_for, record_id))
        button.setToolTip("S")
        return [button]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.look_for()
        else:
            super().keyPressEvent(event)


class ResultList(Shelf):
    key, counted_as, finds = "results", Counted.RESULTS, N_("找需求")
    spec = ACHIEVEMENTS
    noun, counted = N_("成果"), N_("共 {n} 项")
    placeholder = N_("名称、单位、拼音")
    columns = ("title", "owner_id", "trl", "ip_status", "transfer_ways", "asking_price")
    chips = ("transfer_ways",)
    stretch = "title"
    gives_way = ("ip_status", "asking_price")
    also_shows = ("pitch",)

    def route_of(self, record_id: uuid.UUID) -> MatchingRoute:
        return MatchingRoute(offer=record_id)

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        found = guests.pitches_of(self.context.db, record_id)
        return [Panel("pitches", _("路演 {n}").format(n=len(found)), partial(_pitched, found))] if found else []

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return [ChainStrip(self.context, self.spec.name, record_id)]


def _pitched(found: Sequence[guests.Pitched]) -> list[QWidget]:
    made: list[QWidget] = []
    for pitch in found:
        made += [Line()] if made else []
        made.append(Label(pitch.item, "strong", wrap=True))
        rows = (
            (_("顺序"), str(pitch.position)),
            (_("路演人"), pitch.presenter),
            (_("评分"), "" if pitch.score is None else str(pitch.score)),
            (_("专家点评"), pitch.comments),
            (_("意向机构"), pitch.interest),
        )
        made += [FactRow(name, value) for name, value in rows if value]
    return made


class Demanded(Shelf):
    """What demands and open calls have in common."""

    counted_as, finds = Counted.DEMANDS, N_("找成果")
    spec = DEMANDS
    counted = N_("共 {n} 项")
    placeholder = N_("名称、单位、拼音")
    stretch = "title"
    also_shows = ("organisation",)

    def route_of(self, record_id: uuid.UUID) -> MatchingRoute:
        return MatchingRoute(demand=record_id)

    def award(self, record_id: uuid.UUID) -> None:
        """The form of a call that was decided, today; who solves it is still to be said."""
        if dialog := self._open_dialog(record_id):
            dialog.form.fill({"state": DemandState.AWARDED, "awarded_on": self.context.today()})
            dialog.form.focus("solver_id")


class DemandList(Demanded):
    key, noun = "demands", N_("技术需求")
    columns = ("title", "owner_id", "field", "needed_by", "state", "budget")
    chips = ("state", "is_open_call")
    gives_way = ("needed_by", "field")


class CallList(Demanded):
    """The demands that are open calls; instead of the state that is kept, where each stands today."""

    key, noun = "calls", N_("揭榜挂帅")
    columns = ("title", "owner_id", "field", "apply_by", "applicants", "state", "budget")
    chips = ("state",)
    gives_way = ("field", "applicants")
    also_reads = ("is_open_call",)

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        today = self.context.today()
        rows = [row for row in super().load(db, expo_id) if readable(self.value(row, "is_open_call"))]
        return [self._standing(row, today) for row in rows]

    def _standing(self, row: Row, today: date) -> Row:
        state, apply_by = readable(self.value(row, "state")), readable(self.value(row, "apply_by"))
        if state is None:
            return row
        place = self._places["state"]
        return (*row[:place], stood(state, apply_by, today).standing, *row[place + 1 :])

    def facet(self, field: Field) -> Facet:
        if field.name != "state":
            return super().facet(field)
        return enum_facet(field.name, field.title, Standing, lambda row: self.value(row, "state"))

    def defaults(self) -> dict[str, Any]:
        return {"is_open_call": True}

    def _begin_order(self) -> None:
        """The next deadline first."""
        if not self._sized:
            self.model.sort_by("apply_by", False)
