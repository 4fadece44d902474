"""A table opened and planned, off the GUI thread; what is slow to load is loaded there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expo_app.i18n import _
from expo_app.services import import_review
from expo_app.specs import Existing, ImportPlan, RecordSpec
from expo_app.specs.choices import Choices
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.exchange.workbook import Book


@dataclass(frozen=True)
class Pasted:
    """A table from the clipboard, as text."""

    text: str


Source = Path | Pasted


def name_of(source: Source) -> str:
    """What a person calls it."""
    return source.name if isinstance(source, Path) else _("粘贴的表格")


def opened(source: Source) -> Book:
    """The cells of a file, or of what was pasted; UserError with a sentence if it is no table."""
    from expo_app.exchange import workbook

    return workbook.open_book(source) if isinstance(source, Path) else workbook.open_pasted(source.text)


def planned(
    db: Database, spec: RecordSpec, expo_id: uuid.UUID | None, book: Book, existing: Existing, choices: Choices
) -> ImportPlan:
    """What an import of the table would do by these choices; UserError if it cannot be imported at all."""
    from expo_app.exchange import import_plan

    return import_review.review(db, import_plan.plan(spec, book, existing, choices), expo_id)
