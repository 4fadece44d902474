"""What an area registers: its lists, pages and whatever else central code goes through. Qt is not loaded here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.documents import Document
from expo_app.i18n import N_
from expo_app.services.record_rules import NO_RULES, Rules
from expo_app.specs.records import RecordSpec
from expo_app.store.database import Database

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from PySide6.QtWidgets import QWidget

    from expo_app.cli_output import Output
    from expo_app.documents.summary import SummaryPart
    from expo_app.services.expos import ExpoInfo
    from expo_app.services.record_writer import Writer
    from expo_app.ui.context import Context

Count = tuple[int, str]
"""How many, and the kind of theme.KINDS that says how urgent."""
BEFORE, ON_SITE, TRADE, ANALYSIS = N_("筹备"), N_("现场"), N_("交易"), N_("分析")


@dataclass(frozen=True)
class ListEntry:
    """One kind of record and all that is true of it alone.

    `command_at`: its place among the kinds of the command line; 0: it is not imported and exported there.
    `command`: "name words" in the command line's help where the title would not do.
    """

    spec: RecordSpec
    rules: Rules = NO_RULES
    command_at: int = 0
    command: str = ""
    can_import: bool = True


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
class Area:
    """One area: what central code needs to know of it. `adds`: rules of its own on other areas' lists, after theirs.

    `copies`(writer, from, to) copies what a new expo takes over from another one. `summary` gives its chapter of the
    summary report, `verb` its verb of the command line: both are imported when they are asked for.
    """

    name: str
    lists: tuple[ListEntry, ...] = ()
    adds: tuple[tuple[RecordSpec, Rules], ...] = ()
    copies: Callable[[Writer, uuid.UUID, uuid.UUID], None] | None = None
    pages: tuple[PageDef, ...] = ()
    reports: tuple[Document, ...] = ()
    verb: Callable[[], Verb] | None = None
    summary: Callable[[], SummaryPart[Any]] | None = None
