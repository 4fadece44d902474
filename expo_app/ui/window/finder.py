"""What Ctrl+K finds: records of the expo by text, pinyin, initials, phone tail and number; then commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from expo_app.i18n import N_, _
from expo_app.rules.search_key import matches, search_term
from expo_app.services import records
from expo_app.specs import MISSING, SPECS
from expo_app.ui.kit.context import Context
from expo_app.ui.kit.palette import MOST, PaletteRow

LOOKED_AT, COMMANDS_KEPT = 40, 3  # records of one kind that are ranked; places that commands keep beside records


@dataclass(frozen=True)
class Source:
    """A kind of record, the page that shows it, and the fields of a hit: title first, then the small words.

    `tab`: the list on the page, where it has several.
    """

    spec: str
    page: str
    fields: tuple[str, ...]
    tab: str = ""


@dataclass(frozen=True)
class Command:
    """Something to do: words, where it belongs, icon, key, and the act."""

    words: str
    detail: str
    icon: str
    keys: str
    call: Callable[[], object]


SOURCES = (
    Source("programme", "programme", ("title", "starts_at", "room_id")),
    Source("exhibitors", "exhibitors", ("organisation.name", "booths", "region_group", "organisation.industry")),
    Source("attendees", "attendees", ("person.name", "organisation_id", "badge_no", "category")),
    Source("deals", "deals", ("title", "deal_no", "stage")),
    Source("achievements", "guests", ("title", "owner_id"), "achievements"),
)
COMMANDS = N_("命令")


class Finder:
    """The palette's look-up: `finder(text)`; `pages` are those that can be opened, `commands()` what can be done."""

    def __init__(self, context: Context, pages: Sequence[str], commands: Callable[[], Sequence[Command]]) -> None:
        self._context, self._commands = context, commands
        self._sources = [source for source in SOURCES if source.page in pages]

    def __call__(self, text: str) -> list[PaletteRow]:
        term = search_term(text)
        commands = self._commanded(text)
        if not term:
            return commands[:MOST]
        groups = [(source, hits) for source in self._sources if (hits := self._records(source, text))]
        found = dict(sorted(groups, key=lambda group: not group[1][0].matched))  # kinds named so come first
        shares = share([len(hits) for hits in found.values()], MOST - min(len(commands), COMMANDS_KEPT))
        rows = [
            row for (source, hits), n in zip(found.items(), shares, strict=True)
            for row in self._cut(source, hits, n, text)
        ]  # fmt: skip
        return [*rows, *commands][:MOST]

    def _cut(self, source: Source, hits: list[PaletteRow], places: int, text: str) -> list[PaletteRow]:
        """So many rows; where not all hits fit, the last one leads to the page's list with the same search."""
        if len(hits) <= places or places < 2:
            return hits[:places]
        context, shown = self._context, hits[: places - 1]
        total = len(hits)
        if total == LOOKED_AT:
            total = records.count(context.db, SPECS[source.spec], context.expo_id, text)
        tab = {"tab": source.tab} if source.tab else {}
        words = _("还有 {n} 条").format(n=f"{total - len(shown):,}")
        detail = _("在列表里看“{text}”").format(text=text)
        call = partial(context.navigate, source.page, search=text, **tab)
        return [*shown, PaletteRow(shown[0].group, "list-check", words, call, detail, _("打开"))]

    def _records(self, source: Source, text: str) -> list[PaletteRow]:
        context, spec = self._context, SPECS[source.spec]
        fields = [spec.field(name) for name in source.fields]
        rows = records.list_rows(context.db, spec, context.expo_id, fields, search=text, limit=LOOKED_AT)
        zone = context.expo.zone if context.expo else None
        hits = []
        for row in rows:
            title, *rest = (f.display(value, zone) for f, value in zip(fields, row[1:-1], strict=True))
            hits.append(
                PaletteRow(
                    spec.label, f"{spec.icon}-line", title, partial(context.navigate, source.page, record=row[0]),
                    " · ".join(word for word in rest if word != MISSING), _("打开"), _stressed(title, text),
                )
            )  # fmt: skip
        return sorted(hits, key=_rank)

    def _commanded(self, text: str) -> list[PaletteRow]:
        hits = []
        for command in self._commands():
            stressed = _stressed(command.words, text)
            if text and not stressed:
                continue
            keys = command.keys.replace("+", " ")
            hits.append(
                PaletteRow(_(COMMANDS), command.icon, command.words, command.call, command.detail, keys, stressed)
            )
        return hits


def share(wanted: Sequence[int], room: int) -> list[int]:
    """Places for each, given in turn until nobody wants more or the room is used: of 8 for 9, 1, 4 → 4, 1, 3."""
    given = [0] * len(wanted)
    while sum(given) < min(room, sum(wanted)):
        for place, most in enumerate(wanted):
            if given[place] < most and sum(given) < room:
                given[place] += 1
    return given


def _rank(hit: PaletteRow) -> tuple[bool, int]:
    """Titles that match before those found by other words, the earlier the better."""
    return not hit.matched, hit.matched[0][0] if hit.matched else 0


def _stressed(title: str, text: str) -> tuple[tuple[int, int], ...]:
    found: list[Any] = [pair for word in text.split() for pair in matches(title, word)]
    return tuple(sorted(found))
