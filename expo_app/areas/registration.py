"""What an area registers: its lists, pages and whatever else central code goes through. Qt is not loaded here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.documents import Document
from expo_app.i18n import N_, _, singular
from expo_app.routes import Route
from expo_app.routes.first_steps import FirstStep
from expo_app.services.record_rules import NO_RULES, Rules
from expo_app.specs.list_look import ListLook
from expo_app.specs.records import RecordSpec
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sqlalchemy.orm import Session

    from expo_app.cli_output import Output
    from expo_app.documents.summary import SummaryPart
    from expo_app.services.expos import ExpoInfo
    from expo_app.services.record_writer import Writer
    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure, Trace
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

Count = tuple[int, str]
"""How many, and the kind of theme.KINDS that says how urgent."""
BEFORE, ON_SITE, TRADE, LANDING, ANALYSIS = N_("筹备"), N_("现场"), N_("交易"), N_("落地"), N_("分析")
"""Groups of the rail."""
GROUNDS, ON_THE_SPOT, NAMES, DATA, MACHINE = N_("展会与场地"), N_("现场"), N_("名录"), N_("数据"), N_("本机")
"""Groups of the settings."""
SETTINGS = "settings"


@dataclass(frozen=True)
class Found:
    """How the palette finds a list's records: the fields of a hit, title first, then the small words.

    `order`: kinds as they stand below each other. `reasons`: further fields by which a record is found, told where the
    title does not say why. `few`: there are so few that all are read and matched here. `once`: one person of several
    records is told once, and not by what the hit does not show. `dashless`: A005 is A-005. `empty`: a field that is
    empty in what is told, as who fills it is found by the same words. `route`: where a hit leads, other than its list.
    """

    order: int
    fields: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    few: bool = False
    once: bool = False
    dashless: bool = False
    empty: str = ""
    route: Callable[[uuid.UUID], Route] | None = None


@dataclass(frozen=True)
class Offer:
    """A command of the palette, `order` among those of its kind; without `words` it is called after the list."""

    order: int
    words: str = ""


@dataclass(frozen=True)
class SectionDef:
    """A subject of the settings; `make(context)` imports and makes its page, without one it is the plain list.

    `inside`: the subject that shows it among its own; it is not named beside the others, and `order` says nothing.
    """

    order: int
    title: str
    icon: str
    group: str
    make: Callable[[Context], Page] | None = None
    key: str = ""
    inside: str = ""


@dataclass(frozen=True)
class ListEntry:
    """One kind of record and all that is true of it alone.

    `command_at`: its place among the kinds of the command line; 0: it is not imported and exported there.
    `command`: "name words" in the command line's help where the title would not do. `page`: the page of its list, where
    that has another name; with a `section` it is the settings. `shown_by`: the list that shows whom its records are of,
    where it has no page at all.
    """

    spec: RecordSpec
    rules: Rules = NO_RULES
    command_at: int = 0
    command: str = ""
    can_import: bool = True
    page: str = ""
    shown_by: RecordSpec | None = None
    look: ListLook = field(default_factory=ListLook)
    section: SectionDef | None = None
    found: Found | None = None
    new: Offer | None = None
    imported: Offer | None = None

    @property
    def page_name(self) -> str:
        """The name of the page that shows it."""
        return self.page or (SETTINGS if self.section else self.spec.name)

    @property
    def noun(self) -> str:
        """What one of its records is called, as source text."""
        return self.look.noun or self.spec.title

    @property
    def new_words(self) -> str:
        """What Ctrl+K calls a new one."""
        own = self.new.words if self.new else ""
        return _(own) if own else _("新增{what}").format(what=singular(self.noun))

    @property
    def import_words(self) -> str:
        """What Ctrl+K calls a file of them."""
        own = self.imported.words if self.imported else ""
        return _(own) if own else _("导入{what}").format(what=_(self.noun))

    def make(self, context: Context) -> Page:
        """The page of its list: what its section makes, else the plain list, which needs no class of its own."""
        from expo_app.ui.records.plain_list import PlainList

        if self.section is not None and self.section.make is not None:
            return self.section.make(context)
        return PlainList(context, self.spec, self.look)


@dataclass(frozen=True)
class PageDef:
    """A page of the window. `make(context)` imports and makes it when it is first opened. `icon` without -line or
    -fill. `badge(db, expo id)` may run in a worker. `own_window`: a window of its own, opened instead of a page,
    for whoever holds `permission`. `spec`: of a plain list, whose page of the guide is worked out from it. `inside`: it
    has no entry in the rail, that of this page stands for it.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Context], Page]
    group: str = ""
    badge: Callable[[Database, uuid.UUID], Count] | None = None
    shortcut: str = ""
    at_end: bool = False
    own_window: bool = False
    permission: str = ""
    spec: RecordSpec | None = None
    inside: str = ""


def plain_page(entry: ListEntry, group: str, badge: Callable[[Database, uuid.UUID], Count] | None = None) -> PageDef:
    """A page in the rail for a list that has no class of its own, under its spec's title and icon."""
    spec = entry.spec
    return PageDef(spec.name, spec.title, spec.icon, entry.make, group, badge, spec=spec)


@dataclass(frozen=True)
class Act:
    """A command of the palette that leads somewhere, for whoever holds `permission`; `page` says where it belongs."""

    words: str
    page: str
    icon: str
    permission: str
    route: Route


@dataclass(frozen=True)
class Verb:
    """An area's own verb of the command line. `at`: its place among them; `is_last`: behind backup, restore, doctor.

    `options`(parser, type of a path) adds what may be typed after it, `run` does it and gives the exit status.
    """

    name: str
    about: str
    at: int
    options: Callable[[ArgumentParser, Callable[[str], Path]], None]
    run: Callable[[Namespace, Output, Database, ExpoInfo], int]
    is_last: bool = False
    example: str = ""


@dataclass(frozen=True)
class Alert:
    """A line of 需要处理 on the overview, for whoever holds `permission`: they alone may do it. None where it is 0.

    `read`(session, scope) counts it, anew once one of `tables` was written; `name` is the figure's. `tone`: the colour
    token of its icon. `leads`: where the records behind the figure are.
    """

    name: str
    read: Callable[[Session, Scope], Figure]
    tables: tuple[str, ...]
    permission: str
    icon: str
    tone: str
    verb: str
    leads: Callable[[Trace | None], Route]


@dataclass(frozen=True)
class Area:
    """One area: what central code needs to know of it. `adds`: rules of its own on other areas' lists, after theirs.

    `copies`(writer, from, to) copies what a new expo takes over from another one. `recount`(db) adds up once more the
    sums that are kept beside its records and says so, "" where there is nothing to say. `figures`(session, scope): what
    is published of it. `alerts`: what of it waits for somebody. `summary` gives its chapter of the
    summary report, `verb` its verb of the command line: both are imported when they are asked for. `pills`: the kind of
    theme.KINDS of its states, `dots`: the colour token of its categories, by enum member or word of a computed column;
    what has none is mute or grey.
    """

    name: str
    lists: tuple[ListEntry, ...] = ()
    adds: tuple[tuple[RecordSpec, Rules], ...] = ()
    copies: Callable[[Writer, uuid.UUID, uuid.UUID], None] | None = None
    recount: Callable[[Database], str] | None = None
    pages: tuple[PageDef, ...] = ()
    reports: tuple[Document, ...] = ()
    verb: Callable[[], Verb] | None = None
    summary: Callable[[], SummaryPart[Any]] | None = None
    figures: Callable[[Session, Scope], Sequence[Figure]] | None = None
    alerts: tuple[Alert, ...] = ()
    sections: tuple[SectionDef, ...] = ()
    acts: tuple[Act, ...] = ()
    steps: tuple[FirstStep, ...] = ()
    pills: Mapping[Any, str] = field(default_factory=dict)
    dots: Mapping[Any, str] = field(default_factory=dict)
