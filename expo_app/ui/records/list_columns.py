"""From fields to what a list shows: table columns with width and order, filter facets, cells ready to be painted."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from expo_app.rules.natural_order import natural_key
from expo_app.rules.terms import TOKENS, Term, Terms
from expo_app.specs import Field
from expo_app.ui.kit.filters import Facet, Row, choices_facet, enum_facet
from expo_app.ui.kit.table import Column
from expo_app.ui.records import state_colours

KINDS = {"pill": "pill", "dot": "dot", "bar": "bar"}
CHAR, PAD, FIRST_WIDTH = 8, 26, 12  # px per half-width character, px beside a text, characters before rows are known
Words = Callable[[Field, Any], str]
TermsOf = Callable[[], Terms[Term]]


def widest_text(fields: Sequence[Field]) -> str:
    """The name of the column that takes the width left over; "" when none is text."""
    texts = [f for f in fields if f.is_words and f.show != "bar"]
    return max(texts, key=lambda f: f.width).name if texts else ""


def column_of(
    field: Field, words: Words, pill: Callable[[Field, Any], str], stretch: bool, terms: TermsOf | None = None
) -> Column:
    """The table column of a field; `words(field, value)` is what a cell says, `pill(field, value)` a pill's kind.

    `terms()` are the words that the field chooses from, if it does.
    """
    kind = KINDS.get(field.show, "number" if field.is_number else "text")
    dot = state_colours.dot if terms is None else lambda value: token_of(terms(), value)
    tone = (lambda value: pill(field, first_of(field, value))) if kind == "pill" else dot if kind == "dot" else None
    said = partial(short_words, field, words) if kind == "pill" else partial(words, field)
    role = "strong" if field.show == "bold" and field.is_number else "body"
    width = min(field.width, FIRST_WIDTH) * CHAR + PAD
    return Column(field.name, field.header, width, kind, said, role, tone, sort_key(field, terms), stretch=stretch)


def first_of(field: Field, value: Any) -> Any:
    """What the pill of a field takes its colour from: of several choices the first."""
    if field.several is None:
        return value
    return field.several.__members__.get(value[0]) if isinstance(value, list | tuple) and value else None


def short_words(field: Field, words: Words, value: Any) -> str:
    """What a pill says: of several choices the first, and how many more there are."""
    if field.several is None or not isinstance(value, list | tuple) or len(value) < 2:
        return words(field, value)
    return f"{words(field, value[:1])} +{len(value) - 1}"


def token_of(terms: Terms[Term], name: str | None) -> str:
    """The colour of the word of that name; grey for one that is not there."""
    term = terms.called(name)
    return term.token if term else TOKENS[None]


def sort_key(field: Field, terms: TermsOf | None = None) -> Callable[[Any], Any] | None:
    """How values are ordered: enums as declared, words as the expo does, bars by how full, others as they read."""
    if terms is not None:
        return lambda name: terms().place(name)
    if field.choices:
        order = {member: place for place, member in enumerate(field.choices)}
        return lambda member: order.get(member, len(order))  # a page may show members of another enum after them
    if field.several:
        places = {choice.name: place for place, choice in enumerate(field.several)}
        return lambda names: [places.get(name, len(places)) for name in names]
    if field.show == "bar":
        return lambda parts: (parts[0] / parts[1], parts[1])
    if field.format:
        shown = field.format
        return lambda value: (natural_key(shown(value)), natural_key(str(value)))
    return (lambda words: natural_key(words.casefold())) if field.is_words else None


def facet_of(field: Field, place: int, words: Words, terms: TermsOf | None = None) -> Facet:
    """The facet of a field whose value stands at `place` of a row; values that read the same are one choice."""
    if terms is not None:
        known = lambda: [term.label for term in terms()]  # noqa: E731
        return Facet(field.name, field.title, lambda row: row[place], partial(words, field), known)
    if field.choices:
        return enum_facet(field.name, field.title, field.choices, lambda row: row[place])
    if field.several:
        return choices_facet(field.name, field.title, field.several, lambda row: row[place])
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


def giving_way(fields: Sequence[Field], stretch: str, first: Sequence[str] = ()) -> list[str]:
    """Columns a narrow table leaves out, in that order: `first`, then from the right, states last.

    What names the row, the text that takes the rest, and money always stay.
    """
    stay = {fields[0].name, stretch} | {f.name for f in fields if f.type.stays or f.show == "bold"}
    rest = [f for f in reversed(fields) if f.name not in stay and f.name not in first]
    return [*first, *(f.name for f in sorted(rest, key=lambda f: f.show == "pill"))]
