"""What Ctrl+K finds: records of the expo by text, pinyin, initials, phone tail and number; then commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from expo_app import registry
from expo_app.areas.registration import Found
from expo_app.i18n import N_, _
from expo_app.rules.search_key import matches, search_term
from expo_app.services import records
from expo_app.specs import MISSING, Field, RecordSpec
from expo_app.ui.context import Context
from expo_app.ui.kit.palette import MOST, PaletteRow

LOOKED_AT, COMMANDS_KEPT = 40, 3  # records of one kind that are ranked; places that commands keep beside records


@dataclass(frozen=True, eq=False)
class Source:
    """A kind of record and how it is found."""

    spec: RecordSpec
    found: Found


@dataclass(frozen=True)
class Command:
    """Something to do: words, where it belongs, icon, key, and the act. `also`: further words that find it."""

    words: str
    detail: str
    icon: str
    keys: str
    call: Callable[[], object]
    also: tuple[str, ...] = ()


def sources() -> list[Source]:
    """Every kind of record that can be found, those first that come first among hits alike."""
    known = [Source(entry.spec, entry.found) for entry in registry.lists() if entry.found is not None]
    return sorted(known, key=lambda source: source.found.at)


COMMANDS = N_("命令")


class Finder:
    """The palette's look-up: `finder(text)`; `pages` are those that can be opened, `commands()` what can be done."""

    def __init__(self, context: Context, pages: Sequence[str], commands: Callable[[], Sequence[Command]]) -> None:
        self._context, self._commands = context, commands
        self._sources = [source for source in sources() if source.found.page in pages]

    def __call__(self, text: str) -> list[PaletteRow]:
        term = search_term(text)
        commands = self._commanded(text)
        if not term:
            return commands[:MOST]
        groups = [(source, hits) for source in self._sources if (hits := self._records(source, text))]
        found = dict(sorted(groups, key=lambda group: not group[1][0].matched))  # kinds named so come first
        shares = share([len(hits) for hits in found.values()], MOST - min(len(commands), COMMANDS_KEPT))
        rows = [
            row
            for (source, hits), n in zip(found.items(), shares, strict=True)
            for row in self._cut(source, hits, n, text)
        ]
        return [*rows, *commands][:MOST]

    def _cut(self, source: Source, hits: list[PaletteRow], places: int, text: str) -> list[PaletteRow]:
        """So many rows; where not all hits fit, the last one leads to the page's list with the same search."""
        if len(hits) <= places or places < 2:
            return hits[:places]
        context, shown = self._context, hits[: places - 1]
        total = len(hits)
        if total == LOOKED_AT:
            total = records.count(context.db, source.spec, context.expo_id, text)
        words = _("还有 {n} 条").format(n=f"{total - len(shown):,}")
        detail = _("在列表里看“{text}”").format(text=text)
        call = partial(context.navigate, page_of(source.found), search=text, **_place(source.found))
        return [*shown, PaletteRow(shown[0].group, "list-check", words, call, detail, _("打开"))]

    def _records(self, source: Source, text: str) -> list[PaletteRow]:
        """Hits of one kind, those whose title matches first."""
        context, spec, found = self._context, source.spec, source.found
        fields = [spec.field(name) for name in (*found.fields, *found.reasons)]
        if found.few:
            rows = records.list_rows(context.db, spec, context.expo_id, fields)
        else:
            rows = records.list_rows(context.db, spec, context.expo_id, fields, search=text, limit=LOOKED_AT)
        zone = context.expo.zone if context.expo else None
        hits, known = [], set[tuple[str, ...]]()
        for row in rows:
            shown = [f.display(value, zone) for f, value in zip(fields, row[1:-1], strict=True)]
            named = (*shown[:2], str(row[0]) if not found.once else "")
            hit = self._hit(source, fields, row[0], shown, text)
            if hit is not None and named not in known:
                known.add(named)
                hits.append(hit)
        return sorted(hits, key=_rank)

    def _hit(
        self, source: Source, fields: Sequence[Field], key: Any, shown: Sequence[str], text: str
    ) -> PaletteRow | None:
        """The row of a record; None for one found by what it does not show: a guest by the title of the session."""
        spec, found, title = source.spec, source.found, shown[0]
        matched, why = _stressed(title, text), ""
        if found.dashless:
            matched = matched or _dashless(title, text)
        if found.unless and shown[found.fields.index(found.unless)] != MISSING:
            return None
        if not matched:
            why = _reason(fields, shown, text, found)
            if not why and (found.few or found.once):
                return None
        rest = [word for word in shown[1 : len(found.fields)] if word not in (MISSING, "") and word not in why]
        detail = " · ".join([why, *rest] if why else rest)
        shows = {found.shows: key} if found.shows else {"record": key, **_place(found)}
        call = partial(self._context.navigate, found.page, **shows)
        return PaletteRow(
            spec.label, f"{spec.icon}-line", title, call, detail, _("打开"), matched, _stressed(why, text)
        )

    def _commanded(self, text: str) -> list[PaletteRow]:
        hits = []
        for command in self._commands():
            stressed, also = _stressed(command.words, text), ""
            if text and not stressed:
                also = next((word for word in (*command.also, command.detail) if _stressed(word, text)), "")
                if not also:
                    continue
            keys = command.keys.replace("+", " ")
            detail = " · ".join(dict.fromkeys(filter(None, (also, command.detail))))
            hits.append(
                PaletteRow(
                    _(COMMANDS), command.icon, command.words, command.call, detail, keys, stressed,
                    _stressed(also, text),
                )
            )  # fmt: skip
        return sorted(hits, key=_rank) if text else hits


def _place(found: Found) -> dict[str, str]:
    """Where the list of the kind is shown: in the settings where it has a section there."""
    return {name: value for name, value in (("tab", found.tab), ("section", found.section)) if value}


def page_of(found: Found) -> str:
    """The page with the list of the kind."""
    return "settings" if found.section else found.page


def _dashless(number: str, text: str) -> tuple[tuple[int, int], ...]:
    """A005 is A-005."""
    return ((0, len(number)),) if _stressed(number.replace("-", ""), text) else ()


def _reason(fields: Sequence[Field], shown: Sequence[str], text: str, found: Found) -> str:
    """Which words of the record match: 嘉宾：张院士（上海大学）; of a list only the one that does."""
    for field, value in list(zip(fields, shown, strict=True))[1:]:
        if value == MISSING or field.name in found.silent:
            continue
        for part in value.split("、"):
            if _stressed(part, text):
                return (
                    part if field.name in found.fields else _("{label}：{words}").format(label=field.title, words=part)
                )
    return ""


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
