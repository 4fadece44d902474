"""Which vocabularies stand on the page, where, and what the table of each shows: one line each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from expo_app.i18n import N_, _
from expo_app.model import CountsAs
from expo_app.rules.categories import CategoryTerm
from expo_app.specs import SPECS, RecordSpec
from expo_app.ui.pages.vocabularies.cells import Column, Line
from expo_app.ui.pages.vocabularies.looks import look_words

EXPO, PEOPLE, ITEMS = N_("展会"), N_("人员"), N_("活动与展品")
WORD = ("handle", "look", "name", "name_en", "aliases", "used", "acts")
ROLED = ("handle", "look", "name", "name_en", "aliases", "role", "used", "acts")

CATEGORY = ("handle", "band", "names", "counts_as", "valid", "quota", "gates", "used")
COUNTED = (CountsAs.VISITOR, CountsAs.TRADE_VISITOR)


@dataclass(frozen=True)
class Entry:
    """A vocabulary by the name of its spec. `columns`: names of COLUMNS; without any it is shown as the plain list.

    `shown_in`: the list whose records keep its words. `tall`: rows of two lines.
    """

    name: str
    group: str
    columns: tuple[str, ...] = ()
    shown_in: str = ""
    tall: bool = False

    @property
    def spec(self) -> RecordSpec:
        """The spec of its words."""
        return SPECS[self.name]


ENTRIES = (
    Entry("industries", EXPO, WORD, "exhibitors"),
    Entry("organisation_kinds", EXPO, WORD, "organisations"),
    Entry("region_groups", EXPO),
    Entry("categories", PEOPLE, CATEGORY, "attendees", tall=True),
    Entry("item_kinds", ITEMS, ROLED, "programme"),
    Entry("achievement_kinds", ITEMS, WORD, "achievements"),
    Entry("booth_kinds", ITEMS, ROLED, "booths"),
)


def entries() -> Sequence[Entry]:
    """Those there are."""
    return [entry for entry in ENTRIES if entry.name in SPECS]


def band_words(line: Line) -> str:
    """The colour of the band and the letter beside it."""
    term = line.term
    colour = term.colour.label if term and term.colour else _("不分颜色")
    return f"{colour} {term.letter}" if isinstance(term, CategoryTerm) else colour


def names_words(line: Line) -> str:
    """Both names, the one it goes by above."""
    return f"{line.term.name}\n{line.term.name_en}".strip() if line.term else ""


COLUMNS: dict[str, Callable[[], Column]] = {
    "handle": lambda: Column("handle", "", lambda _line: "", "handle"),
    "look": lambda: Column(
        "look",
        _("色与纹"),
        lambda line: look_words(line.term.colour, line.term.pattern) if line.term else "",
        "look",
        asks="look",
    ),
    "name": lambda: Column("name", _("名称"), lambda line: line.term.name if line.term else "", "strong", edited=True),
    "name_en": lambda: Column("name_en", _("英文"), lambda line: line.term.name_en if line.term else "", edited=True),
    "aliases": lambda: Column(
        "aliases",
        _("别名（导入时认得）"),
        lambda line: str(line.values.get("aliases", "")),
        "tags",
        edited=True,
        stretch=True,
        tags=lambda line: line.term.aliases if line.term else (),
    ),
    "role": lambda: Column(
        "role", _("用作"), lambda line: line.term.role.label if line.term and line.term.role else "", asks="role"
    ),
    "band": lambda: Column("band", _("色带"), band_words, "band", asks="form"),
    "names": lambda: Column("name", _("名称"), names_words, "two", edited=True),
    "counts_as": lambda: Column(
        "counts_as",
        _("计为"),
        lambda line: line.term.counts_as.label if isinstance(line.term, CategoryTerm) else "",
        "pill",
        asks="counts_as",
        tone=lambda line: "ok" if isinstance(line.term, CategoryTerm) and line.term.counts_as in COUNTED else "mute",
    ),
    "valid": lambda: Column("valid", _("有效日与时段"), lambda line: line.values["valid"], "two", asks="form"),
    "quota": lambda: Column("quota", _("名额规则"), lambda line: line.values["quota"], "two", asks="form"),
    "gates": lambda: Column(
        "gates",
        _("可进入的入口"),
        lambda line: _("、").join(line.values["gates"]),
        "tags",
        stretch=True,
        asks="gates",
        tags=lambda line: line.values["gates"],
    ),
    "used": lambda: Column("used", _("用到"), lambda line: "" if line.used is None else f"{line.used:,}", "link"),
    "acts": lambda: Column("acts", "", lambda _line: "", "acts", asks="more"),
}
"""What a column shows; made when a table is, so that its words are in the language of the moment."""
FOR_WRITERS = ("handle", "acts")
"""Columns that somebody who may only read has no use for."""
