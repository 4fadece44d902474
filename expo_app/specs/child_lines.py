"""Rows of another table that are entered with their record as one text, a row to a line: patents and rights of a lot.

Kept and compared is the text the database makes of the rows (`Lines.select`); a person reads, and writes, the same in
the program's own words (`Lines.shown`, `Lines.read`): amounts in 万元, moments in the expo's zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    String,
    case,
    cast,
    extract,
    func,
    select,
    type_coerce,
)

from expo_app.i18n import Labelled, _
from expo_app.model import Base, Fen, Moment, Rate
from expo_app.rules.masks import is_masked

if TYPE_CHECKING:
    from expo_app.specs.fields import Field

MARK, EMPTY = "；", "—"
"""Between the cells of a line; a cell that says nothing."""
_MARKS = re.compile(r"[；;]")
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Lines:
    """`cells`: the columns of `model` in a line's order, as `Field`s with type, length and `required` of their own.

    `link`: its column that names the record. `same`: what tells two lines of a record apart. `order`: names of
    columns. `select_as`: cells that no column keeps as they are written (a paddle), as SQL of the row's table.
    `loose` reads a line that is none; None of one it cannot read either. `example`: lines that it takes.
    `check`: ValueError for lines that do not go together.
    """

    model: type[Base]
    link: str
    cells: tuple[Field, ...]
    same: tuple[str, ...]
    order: tuple[str, ...] = ("position",)
    select_as: Mapping[str, Callable[[FromClause], ColumnElement[Any]]] | None = None
    loose: Callable[[str], list[dict[str, Any]] | None] | None = None
    example: str = ""
    check: Callable[[Sequence[Values]], None] | None = None

    @property
    def guide(self) -> str:
        """How a line is written, in words."""
        names = _("、").join(cell.header for cell in self.cells)
        return _("一行一项：{names}，用分号隔开").format(names=names)

    def select(self, of: FromClause) -> ColumnElement[Any]:
        """The kept text of the rows that belong to a row of `of`; "" without any."""
        table = self.model.__table__
        line: ColumnElement[Any] | None = None
        for cell in self.cells:
            own = (self.select_as or {}).get(cell.name)
            text = _kept(own(table) if own else table.c[cell.name])
            line = text if line is None else line + MARK + text
        each = select(line.label("line")).where(table.c[self.link] == of.c.id).correlate(of)  # type: ignore[union-attr]
        ordered = each.order_by(*(table.c[name] for name in self.order), table.c.id).subquery()
        return func.coalesce(select(func.aggregate_strings(ordered.c.line, "\n")).scalar_subquery(), "")

    def text(self, rows: Sequence[Values]) -> str:
        """Rows as they are kept."""
        return "\n".join(MARK.join(_said(cell, row.get(cell.name)) for cell in self.cells) for row in rows)

    def rows(self, text: str | None) -> list[dict[str, Any]]:
        """The rows of a kept text."""
        return [self._row(line.split(MARK), UTC) for line in (text or "").splitlines() if line.strip()]

    def shown(self, text: str, zone: Any) -> str:
        """A kept text as a person reads it; what is hidden stays so."""
        if is_masked(text):
            return text or ""
        lines = []
        for line in filter(str.strip, text.splitlines()):
            told = [self._told(cell, kept, zone) for cell, kept in zip(self.cells, line.split(MARK), strict=False)]
            while len(told) > 1 and told[-1] == EMPTY:
                told.pop()
            lines.append(MARK.join(told))
        return "\n".join(lines)

    def _told(self, cell: Field, kept: str, zone: Any) -> str:
        """A kept cell in words; as it stands where it would not be taken today (a number with a wrong check digit)."""
        try:
            return cell.display(self._cell(cell, kept.strip(), UTC), zone)
        except ValueError:
            return kept.strip()

    def read(self, text: str, zone: Any) -> str:
        """The kept text of what a person, or a file, wrote; ValueError with a sentence for a line that is none."""
        rows: list[dict[str, Any]] = []
        for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
            free = self.loose(line.strip()) if self.loose else None
            rows += free if free is not None else [self._entered(line, number, zone)]
        seen: dict[tuple[Any, ...], int] = {}
        for number, row in enumerate(rows, 1):
            key = tuple(row.get(name) for name in self.same)
            if self.same and key in seen:
                raise ValueError(_("第 {n} 行与第 {first} 行重复。").format(n=number, first=seen[key]))
            seen[key] = number
        sorted_by = [name for name in self.order if any(cell.name == name for cell in self.cells)]
        if sorted_by:
            rows.sort(key=lambda row: tuple(_sorted_by(row[name]) for name in sorted_by))
        if self.check:
            self.check(rows)
        return self.text(rows)

    def _entered(self, line: str, number: int, zone: Any) -> dict[str, Any]:
        cells = _MARKS.split(line)
        if any(cell.strip() for cell in cells[len(self.cells) :]):
            raise ValueError(_("第 {n} 行多了内容。{guide}。").format(n=number, guide=self.guide))
        try:
            return self._row(cells, zone)
        except ValueError as problem:
            raise ValueError(_("第 {n} 行：{reason}").format(n=number, reason=problem)) from None

    def _row(self, cells: Sequence[str], zone: Any) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for cell, text in zip(self.cells, [*cells, *[""] * len(self.cells)], strict=False):
            row[cell.name] = self._cell(cell, text.strip(), zone)
        return row

    def _cell(self, cell: Field, text: str, zone: Any) -> Any:
        if text and text != EMPTY:
            return self.value(cell, text, zone)
        if cell.required:
            raise ValueError(_("缺{what}。").format(what=cell.title))
        return cell.default

    @staticmethod
    def value(cell: Field, text: str, zone: Any) -> Any:
        """What a cell's text means, kept or written; ValueError with a sentence."""
        if text.startswith("@") and text[1:].isdigit():
            return datetime.fromtimestamp(int(text[1:]), UTC)
        return cell.parse(text, zone)


def _sorted_by(value: Any) -> Any:
    """As the database sorts it: an enum by its name."""
    return value.name if isinstance(value, Labelled) else value


def says_same(new: str, old: str) -> bool:
    """Whether the rows of a list, kept texts both, say nothing that is not there: what they leave open is no news."""
    lines, there = new.splitlines(), old.splitlines()
    return len(lines) == len(there) and all(
        cell in (EMPTY, known)
        for line, kept in zip(lines, there, strict=True)
        for cell, known in zip(line.split(MARK), kept.split(MARK), strict=True)
    )


def _kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """SQL of a column as a text that `Lines.value` reads."""
    kind = column.type
    if isinstance(kind, Boolean):
        raise TypeError(f"{column} cannot stand in a line")
    members = getattr(kind, "enum_class", None)
    if members is not None:
        text: ColumnElement[Any] = case(*((column == member, member.name) for member in members), else_=None)
    elif isinstance(kind, Fen):
        text = _decimal(column, 2) + "元"
    elif isinstance(kind, Rate):
        text = _decimal(column, Rate.places)
    elif isinstance(kind, Moment):
        text = "@" + cast(cast(func.round(extract("epoch", column)), BigInteger), String)
    elif isinstance(kind, String):
        text = func.replace(func.replace(column, MARK, "，"), "\n", " ")
    else:
        text = cast(column, String)
    return func.coalesce(func.nullif(text, ""), EMPTY)


def _decimal(column: ColumnElement[Any], places: int) -> ColumnElement[Any]:
    """A whole number of hundredths (or so) as a text with all its places."""
    raw, scale = type_coerce(column, Integer), 10**places
    rest = func.substr(cast(raw % scale + scale, String), 2)
    return cast(raw // scale, String) + "." + rest


def _said(cell: Field, value: Any) -> str:
    """A value as `_kept` has it."""
    match value:
        case None | "":
            return EMPTY
        case Labelled():
            return value.name
        case datetime():
            return f"@{round(value.timestamp())}"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.{Rate.places}f}" if cell.places else f"{value:.2f}元"
        case str():
            return value.replace(MARK, "，").replace("\n", " ")
        case _:
            return str(value)
