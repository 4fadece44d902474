"""A chapter of the summary report: what one area tells of an expo, in both forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from expo_app.i18n import _
from expo_app.reports.paper import Paper
from expo_app.reports.style import as_of
from expo_app.specs.figures import Figure, ratio
from expo_app.specs.report_data import Head, SheetTable
from expo_app.specs.trend_figures import Trend

Notes = tuple[str, ...]


def _nothing(_figures: dict[str, Figure]) -> str:
    return ""


@dataclass(frozen=True)
class Chapter:
    """`at` is its place among the chapters, `first_at` that of its words on the first page. `data`: what it tells of.

    `title` stands over its `figures` in the list of all; `headline` are those of the first page. `rows`: how many rows
    its tables have, beside the figures. `words`(figures by name) says it in a sentence, `rules` how it was counted.
    """

    at: int
    first_at: int
    data: Any
    title: str
    figures: tuple[Figure, ...]
    headline: tuple[Figure, ...]
    rows: int
    write: Callable[[Paper], None]
    sheets: Callable[[Notes], list[SheetTable]]
    words: Callable[[dict[str, Figure]], str] = field(default=_nothing)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """Everything the summary report says, of one moment."""

    head: Head
    chapters: tuple[Chapter, ...]
    records: Mapping[str, int] = field(default_factory=dict)
    """How many records stand behind a figure, by its name; the short form does not count them."""
    trends: Mapping[str, Trend] = field(default_factory=dict)
    """Each figure beside the same one of earlier editions, by its name."""

    @property
    def on_the_first_page(self) -> list[Chapter]:
        """The chapters in the order of the first page."""
        return sorted(self.chapters, key=lambda chapter: chapter.first_at)


def end_chapter(doc: Paper, head: Head, *words: str) -> None:
    """A chapter's last line: of which moment its figures are, and how they were counted."""
    doc.note(_("；").join([as_of(head), *(text.rstrip("。.") for text in words)]) + _("。"))


def six_decimals(part: int | Decimal, whole: int | Decimal | None) -> Decimal | None:
    """A share with six decimals: what a spreadsheet's number holds."""
    share = ratio(part, whole)
    return None if share is None else round(share, 6)


def tidy(value: Decimal) -> int | Decimal:
    """Without decimals that say nothing: 1134.00 is 1134."""
    return int(value) if value == int(value) else value.normalize()
