"""The lists in the middle: members, joint platforms and events of one body, each with its own filter and row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute
from expo_app.services.records import Row
from expo_app.specs import AGREEMENTS, ALLIANCES, MEMBERS, ORGANISATIONS, PLATFORMS, PROGRAMME, SHARING_EVENTS, Field
from expo_app.specs.alliances_shown import AllianceSeen
from expo_app.store.database import Database
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.labels import Label, Pill
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.pages.alliances.to_programme import may_enter, to_programme
from expo_app.ui.records.list_page import ListPage, Panel
from expo_app.ui.records.list_parts import BulkAction

VIEWS = (("members", N_("成员")), ("platforms", N_("共建平台")), ("events", N_("活动")))
"""Key and words of the switch before the search, in the order of the keys 1 to 3."""


def view_of(event: QKeyEvent) -> str:
    """The list that a plain 1, 2 or 3 asks for; "" of any other key."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    place = event.key() - Qt.Key.Key_1
    return VIEWS[place][0] if plain and 0 <= place < len(VIEWS) else ""


SEARCH = 120
"""px that a search has at least beside the switch."""


class Shelf(ListPage):
    """One of the lists: the records of the body that is looked at, in the page's order."""

    key: ClassVar[str]
    view_wanted = Signal(object)
    """The key of another list: 1 to 3 was pressed in the table."""
    body_wanted = Signal()
    """There is none yet: the first is to be entered."""

    def _toolbar(self) -> list[Button]:
        """They stand in the page's header."""
        return []

    def _make_card(self) -> TableCard:
        """There is no room for the last keys of the foot; they work all the same."""
        card = super()._make_card()
        for label in self._foot.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)[-4:]:
            label.hide()
        return card

    def _build(self) -> None:
        self.seen: AllianceSeen | None = None
        super()._build()
        self.header.hide()  # the page has one for all
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.switch = Segmented([(key, _(words)) for key, words in self.views()], self.key)
        self.switch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.bar.lead.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        self.bar.search.setMinimumWidth(self.bar.search.fitting_width(SEARCH))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wanted = view_of(event) if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else ""
        if wanted:
            self.view_wanted.emit(wanted)
            return True
        return super().eventFilter(watched, event)

    def views(self) -> Sequence[tuple[str, str]]:
        """Key and words of the switch: the three lists."""
        return VIEWS

    def show_of(self, seen: AllianceSeen | None) -> None:
        """The records of this body."""
        self.seen = seen
        self.refresh()

    def ids(self, seen: AllianceSeen) -> Sequence[uuid.UUID]:
        """Those of the body, in order."""
        raise NotImplementedError

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        if self.seen is None:
            return []
        order = {key: n for n, key in enumerate(self.ids(self.seen))}
        return sorted((row for row in super().load(db, expo_id) if row[0] in order), key=lambda row: order[row[0]])

    def _empty(self) -> EmptyState:
        """Without a body the first one comes first: everything else belongs to one."""
        if self.seen is not None:
            return super()._empty()
        add = Button(_("新增联盟或共同体"), "primary", "add-line", clicked=self.body_wanted.emit)
        text = _("成员、共建平台和活动都归到一个联盟或共同体，先登记它。")
        buttons = [add] if self.context.may_write(ALLIANCES.permission) else []
        return EmptyState(f"{ALLIANCES.icon}-line", _("还没有联盟与共同体"), text, buttons)

    def defaults(self) -> dict[str, Any]:
        return {"alliance_id": self.seen.body.own_name} if self.seen else {}


class MemberList(Shelf):
    """Who belongs on the day; Enter goes to the organisation."""

    key = "members"
    spec = MEMBERS
    noun, counted = N_("联盟成员"), N_("共 {n} 家")
    placeholder = N_("单位、拼音首字母")
    columns = ("organisation_id", "role", "organisation.region_code", "since", "source")
    stretch = "organisation_id"
    gives_way = ("since", "source")
    also_reads = ("is_sample",)
    also_shows = ("organisation", "alliance")

    def ids(self, seen: AllianceSeen) -> Sequence[uuid.UUID]:
        return [line.id for line in seen.members]

    def _chosen_fields(self) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """Of its source a word alone is told."""
        fields, shown = super()._chosen_fields()
        brief = {"source": replace(self.spec.field("source"), width=6)}
        every, told = ([brief.get(field.name, field) for field in some] for some in (fields, shown))
        return tuple(every), tuple(told)

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return [self._marked(row) for row in super().load(db, expo_id)]

    def _marked(self, row: Row) -> Row:
        """In place of its source whether somebody reported it or it is generated."""
        place = self._places["source"]
        mark = _("示例") if self.value(row, "is_sample") else _("报道") if row[place] else ""
        return (*row[:place], mark, *row[place + 1 :])

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[BulkAction]:
        return [(_("成员证"), "article-line", self.certify)] if self.context.may("data.export") else []

    def certify(self, ids: list[uuid.UUID]) -> None:
        """A page for each of the members ticked."""
        from expo_app.ui.pages.alliances.certificates import write_of

        write_of(self, self.context, ids)

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        from expo_app.services.alliances import roles_of

        past = roles_of(self.context.db, record_id)
        return [Panel("roles", _("历次角色 {n}").format(n=len(past)), partial(_told, past))] if len(past) > 1 else []

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        return [Button(_("打开单位"), icon="external-link-line", clicked=partial(self.open_body, record_id))]

    def open_body(self, record_id: uuid.UUID | None = None) -> None:
        """The organisation of a member, the current one without an id."""
        wanted = record_id or self.view.current_id()
        found = next((line for line in self.seen.members if line.id == wanted), None) if self.seen else None
        if found is not None:
            self.context.navigate(ListRoute(ORGANISATIONS, record=found.organisation_id))

    def _connect(self) -> None:
        super()._connect()
        self.view.opened.disconnect(self.open_record)
        self.view.opened.connect(self.open_body)


def _told(past: Sequence[Any]) -> list[Any]:
    made: list[Any] = []
    for line in past:
        made.append(Pill(line.role.label, "info", shape=False))
        made.append(FactRow(_("起止"), f"{line.since or '—'} – {line.until or _('今')}"))
    return made or [Label("—", "secondary")]


class PlatformList(Shelf):
    key = "platforms"
    spec = PLATFORMS
    one_line = True
    noun, counted = N_("共建平台"), N_("共 {n} 个")
    placeholder = N_("平台")
    columns = ("title", "kind", "region_code", "state", "state_since")
    chips = ("state",)
    stretch = "title"
    gives_way = ("kind", "state_since")
    also_shows = ("alliance", "organisation")

    def ids(self, seen: AllianceSeen) -> Sequence[uuid.UUID]:
        return [line.id for line in seen.platforms]


class EventList(Shelf):
    key = "events"
    spec = SHARING_EVENTS
    one_line = True
    noun, counted = N_("活动"), N_("共 {n} 场")
    placeholder = N_("活动、地点")
    columns = ("on_day", "title", "place", "state", "registered", "attended")
    chips = ("state",)
    stretch = "title"
    gives_way = ("registered", "place")
    also_shows = ("alliance", "programme_item", "check_in")

    def ids(self, seen: AllianceSeen) -> Sequence[uuid.UUID]:
        return [line.id for line in seen.events]

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        """Who came is what the programme counted, where it stands in one."""
        place = self._places["attended"]
        came = {line.id: line.attended for line in self.seen.events} if self.seen else {}
        return [(*row[:place], came[row[0]], *row[place + 1 :]) for row in super().load(db, expo_id)]

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        event = next((line for line in self.seen.events if line.id == record_id), None) if self.seen else None
        if event is None:
            return []
        if event.programme_item_id is not None:
            route = ListRoute(PROGRAMME, record=event.programme_item_id)
            return [Button(_("打开日程"), icon="calendar-event-line", clicked=partial(self.context.navigate, route))]
        if not may_enter(self.context, event):
            return []
        return [Button(_("进日程"), icon="calendar-event-line", clicked=partial(to_programme, self, event))]


class Register(Shelf):
    """A list that no body is looked at in: all of the file, for searching, importing and deleting."""

    def views(self) -> Sequence[tuple[str, str]]:
        """The way back, and this one."""
        return (VIEWS[0], (self.key, self.spec.title))

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        return ListPage.load(self, db, expo_id)

    def _empty(self) -> EmptyState:
        return ListPage._empty(self)

    def defaults(self) -> dict[str, Any]:
        return {}


class BodyList(Register):
    key = "alliances"
    spec = ALLIANCES
    noun, counted = N_("联盟"), N_("共 {n} 个")
    placeholder = N_("名称")
    columns = ("name", "kind", "founded", "members", "platforms")
    stretch = "name"
    gives_way = ("platforms", "founded")
    also_shows = ("alliance_member", "joint_platform")

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        """Members and platforms as the page counts them."""
        from expo_app.services.alliances import sizes

        known, places = sizes(db, expo_id), (self._places["members"], self._places["platforms"])
        found = []
        for row in super().load(db, expo_id):
            cells = list(row)
            cells[places[0]], cells[places[1]] = known.get(row[0], (0, 0))
            found.append(tuple(cells))
        return found


class AgreementList(Register):
    key = "agreements"
    spec = AGREEMENTS
    noun, counted = N_("合作协议"), N_("共 {n} 份")
    placeholder = N_("协议、签约方")
    columns = ("title", "signed", "place", "amount", "deal_id")
    stretch = "title"
    gives_way = ("deal_id", "place", "amount")
    also_shows = ("agreement_party", "deal", "organisation", "alliance")


LISTS: dict[str, type[Shelf]] = {
    "members": MemberList, "platforms": PlatformList, "events": EventList, "alliances": BodyList,
    "agreements": AgreementList,
}  # fmt: skip
