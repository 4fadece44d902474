"""What the documents of an expo share: how they open, colours by meaning, marks of generated records, days in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from pathlib import Path

from expo_app.i18n import N_, _, language
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Document, Kpi, Mark
from expo_app.rules.terms import Term
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head

HOURS = "00:00–00:00"
"""What a column of times has room for."""
SAMPLE = N_("示例")
MOST_WHOLE = 12
"""Rows of a table that is kept on one page."""
SECOND_LINES = 26
"""What headers and names in English, which are longer, take more."""
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


def open_document(
    path: Path,
    title: str,
    head: Head,
    progress: Progress | None = None,
    total: int = 0,
    *,
    landscape: bool = False,
    is_counted: bool = True,
) -> Document:
    """A report of an expo; its title block says when and where the expo is, and of which moment its data are, where
    they were counted.
    """
    facts, made = (head.dates, head.venue, as_of(head) if is_counted else ""), head.made or head.at
    return Document(
        path, title, expo_name=head.expo_name, now=made, subtitle=" · ".join(fact for fact in facts if fact),
        sample=head.is_sample, landscape=landscape, progress=progress, total=total, damaged=head.damaged,
    )  # fmt: skip


def as_of(head: Head) -> str:
    """数据截至 2026-05-21 10:42."""
    return _("数据截至 {when}").format(when=f"{head.at:%Y-%m-%d %H:%M}")


def kpi(figure: Figure) -> Kpi:
    """A published figure as a key figure; one that is not known has no unit."""
    number, unit = figure.apart
    return Kpi(figure.label, number, figure.note, "" if figure.value is None else unit)


def term_mark(term: Term) -> Mark:
    """A word of a vocabulary in its colour."""
    return Mark(term.label, term.token)


def sentences(parts: Iterable[str]) -> str:
    """Whole sentences one after the other, spaced as the language asks; empty ones are left out."""
    return reduce(lambda text, more: _("{text}{more}").format(text=text, more=more), filter(None, parts))


def marked(text: str, is_sample: bool) -> str:
    """The text of a generated record with its mark in the reader's language, once, whatever mark it carried."""
    if not is_sample:
        return text
    mark = _("{text}（{mark}）").format(text="", mark=_(SAMPLE))
    text = text.replace(f"（{SAMPLE}）", mark)
    return text if SAMPLE in text or _(SAMPLE) in text else text + mark


def day_words(day: date) -> str:
    """11-28 周三."""
    return f"{day:%m-%d} {_(WEEKDAYS[day.weekday()])}"


def room_for(rows: int, *, total: bool = True) -> float:
    """What a heading keeps free below it so that a table of so many plain rows stays whole; long ones may split."""
    return 20.2 * (min(rows, MOST_WHOLE) + 1 + total) + 14 + (SECOND_LINES if language() == "en" else 0)
