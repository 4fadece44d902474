"""From fields to what a list shows: table columns with width and order, filter facets, cells ready to be painted."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QFontMetrics

from expo_app.specs import Field, FieldType
from expo_app.ui.kit import theme, tones
from expo_app.ui.kit.filters import Facet, Row, enum_facet
from expo_app.ui.kit.labels import pill_width
from expo_app.ui.kit.table import Column
from expo_app.ui.kit.table_view import TableView

KINDS = {"pill": "pill", "dot": "dot", "bar": "bar"}
TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REF)
SAMPLED, CHAR, PAD = 300, 8, 26  # rows measured for a width, px per half-width character, px beside a text
FIRST_WIDTH = 12  # characters, before the rows are known
ROOM = 200  # px the stretch column should have beside an open panel
Words = Callable[[Field, Any], str]


def widest_text(fields: Sequence[Field]) -> str:
    """The name of the column that takes the width left over; "" when none is text."""
    texts = [f for f in fields if f.type in TEXTS and f.show != "bar"]
    return max(texts, key=lambda f: f.width).name if texts else ""


def column_of(field: Field, words: Words, pill: Callable[[Field, Any], str], stretch: bool) -> Column:
    """The table column of a field; `words(field, value)` is what a cell says, `pill(field, value)` a pill's kind."""
    kind = KINDS.get(field.show, "number" if field.is_number else "text")
    tone = partial(pill, field) if kind == "pill" else tones.dot if kind == "dot" else None
    role = "strong" if field.show == "bold" and field.is_number else "body"
    width = min(field.width, FIRST_WIDTH) * CHAR + PAD
    return Column(
        field.name, field.header, width, kind, partial(words, field), role, tone, sort_key(field), stretch=stretch
    )


def sort_key(field: Field) -> Callable[[Any], Any] | None:
    """How values of a field are ordered: enums as declared, bars by how full, formatted values as they read."""
    if field.type is FieldType.ENUM and field.choices:
        order = {member: place for place, member in enumerate(field.choices)}
        return lambda member: order.get(member, len(order))  # a page may show members of another enum after them
    if field.show == "bar":
        return lambda parts: (parts[0] / parts[1], parts[1])
    if field.format:
        shown = field.format
        return lambda value: (shown(value), str(value))
    return str.casefold if field.type in TEXTS else None


def facet_of(field: Field, place: int, words: Words) -> Facet:
    """The facet of a field whose value stands at `place` of a row; values that read the same are one choice."""
    if field.type is FieldType.ENUM and field.choices:
        return enum_facet(field.name, field.title, field.choices, lambda row: row[place])
    if field.format:
        shown = field.format
        return Facet(field.name, field.title, lambda row: shown(row[place]) or None, str)
    return Facet(field.name, field.title, lambda row: row[place], partial(words, field))


def with_parts(row: Row, places: Sequence[int]) -> tuple[Any, ...]:
    """The row with "4/6" of a bar as (4, 6), and nothing where there is nothing to count."""
    cells = list(row)
    for place in places:
        done, _slash, total = (cells[place] or "0/0").partition("/")
        cells[place] = (int(done), int(total)) if int(total or 0) else None
    return tuple(cells)


def fit(view: TableView, rows: Sequence[Row], places: dict[str, int], fields: dict[str, Field]) -> None:
    """Give each column the width its words need, texts at most the field's own; bars and the stretch column stay."""
    head = QFontMetrics(theme.font("caption.bold"))
    widths = {}
    for section, column in enumerate(view.rows_model.columns):
        if column.kind in ("check", "bar") or column.stretch:
            continue
        words = {column.words(row[places[column.name]]) for row in rows[:: max(1, len(rows) // SAMPLED)]}
        title = head.horizontalAdvance(f"{column.label} ↓") + PAD
        need = max(_need(column, words) + PAD, title)
        if column.kind in ("text", "number"):  # states and categories are few words, in English longer ones
            need = min(need, max(fields[column.name].width * CHAR + PAD, title))
        widths[section] = need
    view.set_widths(widths)


def fold(view: TableView, beside_panel: bool) -> None:
    """Beside an open panel, which says it all, hide columns from the right until the stretch column has room.

    States stay longest; ticks, the first and the stretch column always.
    """
    columns = view.rows_model.columns
    stretch = next((n for n, column in enumerate(columns) if column.stretch), None)
    first = next((n for n, column in enumerate(columns) if column.kind != "check"), 0)
    hidden: set[int] = set()
    if beside_panel and stretch is not None:
        spare = [n for n, c in enumerate(columns) if n not in (stretch, first) and c.kind != "check"]
        spare.sort(key=lambda n: (columns[n].kind == "pill", -n))
        widths = [_shown_width(view, n) for n in range(len(columns))]
        used = sum(widths) - widths[stretch]
        for n in spare:
            if used + ROOM <= view.viewport().width():
                break
            hidden.add(n)
            used -= widths[n]
    for n in range(len(columns)):
        if view.isColumnHidden(n) != (n in hidden):
            view.setColumnHidden(n, n in hidden)


def _shown_width(view: TableView, section: int) -> int:
    """The width a column has, or had before it was hidden."""
    if not view.isColumnHidden(section):
        return view.columnWidth(section)
    view.setColumnHidden(section, False)
    return view.columnWidth(section)


def _need(column: Column, words: set[str]) -> int:
    if column.kind == "pill":
        return max((pill_width(word) for word in words), default=0)
    metrics = QFontMetrics(theme.font("strong" if column.role == "strong" else "body"))
    lead = theme.Space.L if column.kind == "dot" else 0
    return max((metrics.horizontalAdvance(word) for word in words), default=0) + lead
