"""What a chapter is written on, whatever comes of it: pages (`reports.pdf.Document`) or a text (`reports.word.Text`).

A chapter describes itself once, by headings, key figures, tables and charts; where they stand is the paper's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from expo_app.i18n import _, language

if TYPE_CHECKING:
    from expo_app.reports.canvas import Box, Ink
    from expo_app.reports.pdf import Kpi
    from expo_app.reports.table import Cell, Column, Row

    Painted = Callable[[Ink, Box], None]

_ONES = "〇一二三四五六七八九十"


class Paper(Protocol):
    """See `reports.pdf.Document`, which says what each of these does."""

    width: float
    """Points between the margins."""

    def chapter(self, text: str, keep: float = 60) -> None: ...

    def heading(self, text: str, level: int = 1, keep: float = 60) -> None: ...

    def paragraph(self, text: str, size: float = 10, colour: str = "text.1", bold: bool = False) -> None: ...

    def note(self, text: str) -> None: ...

    def facts(self, pairs: Iterable[tuple[str, str | None]], label_width: float = 84) -> None: ...

    def kpis(self, figures: Sequence[Kpi], per_row: int = 4) -> None: ...

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        totals: Sequence[Cell] | None = None,
        *,
        size: float = 8.5,
        empty: str = "",
    ) -> int: ...

    def chart(self, draw: Painted, height: float = 150, title: str = "", note: str = "") -> None: ...

    def side_by_side(self, charts: Sequence[tuple[str, Painted]], height: float = 150, note: str = "") -> None: ...

    def page_break(self) -> None: ...


def numbered(at: int, title: str) -> str:
    """A chapter's title with its number (1 to 99): 三、参展情况, in English 3. Exhibitors."""
    return _("{n}、{title}").format(n=numeral(at) if language() != "en" else at, title=title)


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> [numeral(n) for n in (1, 10, 11, 20, 34)]
    ['一', '十', '十一', '二十', '三十四']
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else _ONES[tens]) + "十"
    return head + (_ONES[ones] if ones else "")
