"""What an area registers: its lists, pages and whatever else central code goes through. Qt is not loaded here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from expo_app.documents import Document
from expo_app.i18n import N_
from expo_app.services.record_rules import NO_RULES, Rules
from expo_app.specs.records import RecordSpec
from expo_app.store.database import Database

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.ui.context import Context
    from expo_app.ui.records.list_page import ListPage

Count = tuple[int, str]
"""How many, and the kind of theme.KINDS that says how urgent."""
BEFORE, ON_SITE, TRADE, ANALYSIS = N_("筹备"), N_("现场"), N_("交易"), N_("分析")
PLACES, DIRECTORY, DATA, THIS_COMPUTER = N_("展会与场地"), N_("名录"), N_("数据"), N_("本机")


@dataclass(frozen=True)
class Found:
    """How Ctrl+K finds a kind of record: `fields` of a hit, title first, then the small words.

    `page` shows it: on its list called `tab`, where it has several; with `shows` as one thing it calls so. `section`:
    the subject of the settings. `at`: its place among kinds that match alike. `reasons`: further fields by which a
    record is found, told where the title does not say why; those in `silent` are never a reason. `few`: there are so
    few that all are read and matched here. `once`: records alike in their first two fields are one hit, found by its
    own words only. `dashless`: A005 finds A-005. `unless`: a record with a value there is found by another kind.
    """

    page: str
    at: int
    fields: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    tab: str = ""
    section: str = ""
    shows: str = ""
    few: bool = False
    once: bool = False
    dashless: bool = False
    unless: str = ""


@dataclass(frozen=True)
class Offer:
    """Something Ctrl+K offers from anywhere: go to a page with these arguments, for who holds the permission."""

    words: str
    permission: str
    icon: str
    page: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    belongs: str = ""
    """The page it is listed under, where that is another one."""


@dataclass(frozen=True)
class ListEntry:
    """One kind of record and all that is true of it alone.

    `command_at`: its place among the kinds of the command line; 0: it is not imported and exported there.
    `command`: "name words" in the command line's help where the title would not do. `new`, `imported`: what Ctrl+K
    calls a new one and a file of them.
    """

    spec: RecordSpec
    rules: Rules = NO_RULES
    command_at: int = 0
    command: str = ""
    can_import: bool = True
    found: Found | None = None
    new: str = ""
    imported: str = ""


@dataclass(frozen=True)
class PlainList:
    """The screen of a list that needs no page of its own; called with the context it is made.

    `defaults(context)`: what a new record starts with; the rest is what `ui.records.list_hooks` says of these names.
    """

    spec: RecordSpec
    counted: str = N_("共 {n} 条")
    placeholder: str = N_("搜索，可用拼音首字母")
    can_add: bool = True
    can_import: bool = True
    can_export: bool = True
    can_delete: bool = True
    defaults: Callable[[Context], dict[str, Any]] | None = None

    def __call__(self, context: Context) -> QWidget:
        """The screen."""
        return self.page()(context)

    def page(self) -> type[ListPage]:
        """Its class."""
        from expo_app.ui.records.list_page import ListPage

        looks = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "defaults"}
        begin = self.defaults
        if begin is not None:
            looks["defaults"] = lambda page: begin(page.context)
        return type(f"{self.spec.model.__name__}List", (ListPage,), {"noun": self.spec.title, **looks})


@dataclass(frozen=True)
class Section:
    """A subject of 数据与设置, made when it is first chosen. `icon` whole; `at`: its place among all subjects."""

    key: str
    title: str
    icon: str
    make: Callable[[Context], QWidget]
    group: str
    at: int

    @classmethod
    def plain(cls, screen: PlainList, group: str, at: int) -> Section:
        """The subject that is a plain list, named as its records are."""
        spec = screen.spec
        return cls(spec.name, spec.title, f"{spec.icon}-line", screen, group, at)


@dataclass(frozen=True)
class PageDef:
    """A page of the window. `make(context)` imports and makes it when it is first opened. `icon` without -line or
    -fill. `badge(db, expo id)` may run in a worker. `own_window`: a window of its own, opened instead of a page.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Context], QWidget]
    group: str = ""
    badge: Callable[[Database, uuid.UUID], Count] | None = None
    shortcut: str = ""
    at_end: bool = False
    own_window: bool = False


@dataclass(frozen=True)
class Area:
    """One area: what central code needs to know of it."""

    name: str
    lists: tuple[ListEntry, ...] = ()
    pages: tuple[PageDef, ...] = ()
    sections: tuple[Section, ...] = ()
    offers: tuple[Offer, ...] = ()
    reports: tuple[Document, ...] = ()
