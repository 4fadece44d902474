"""What Ctrl+K finds: records of the expo by text, pinyin, initials, phone tail and number; then commands."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from expo_app.i18n import N_, _, language
from expo_app.registry import areas
from expo_app.routes import ListRoute, Route
from expo_app.rules.booth_numbers import booth_key
from expo_app.rules.palette_rows import MOST, Command, PaletteRow, rank, share, stressed
from expo_app.rules.search_key import search_term
from expo_app.services import records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import MISSING, Field
from expo_app.store.database import Database

LOOKED_AT, COMMANDS_KEPT = 40, 3  # records of one kind that are ranked; places that commands keep beside records
COMMANDS = N_("命令")


def sources() -> list[Any]:
    """The registrations whose records are found, in order."""
    lists = [entry for area in areas() for entry in area.lists if entry.found]
    return sorted(lists, key=lambda entry: entry.found.order)


class Place(Protocol):
    """Where is looked, and who goes to what was found: the window's context."""

    db: Database
    expo: ExpoInfo | None

    def navigate(self, route: Route) -> None:
        """Show a hit."""


class Finder:
    """The palette's look-up: `finder(text)`; `commands()` is what can be done."""

    def __init__(self, place: Place, commands: Callable[[], Sequence[Command]]) -> None:
        self._place, self._commands = place, commands

    def __call__(self, text: str) -> list[PaletteRow]:
        term = search_term(text)
        commands = self._commanded(text)
        if not term:
            return commands[:MOST]
        groups = [(source, hits) for source in sources() if (hits := self._records(source, text))]
        found = sorted(groups, key=lambda group: not group[1][0].matched)  # kinds named so come first
        shares = share([len(hits) for _source, hits in found], MOST - min(len(commands), COMMANDS_KEPT))
        rows = [
            row for (source, hits), n in zip(found, shares, strict=True) for row in self._cut(source, hits, n, text)
        ]
        return [*rows, *commands][:MOST]

    @property
    def _expo_id(self) -> uuid.UUID | None:
        return self._place.expo.id if self._place.expo else None

    def _cut(self, source: Any, hits: list[PaletteRow], places: int, text: str) -> list[PaletteRow]:
        """So many rows; where not all hits fit, the last one leads to the page's list with the same search."""
        if len(hits) <= places or places < 2:
            return hits[:places]
        place, shown = self._place, hits[: places - 1]
        total = len(hits)
        if total == LOOKED_AT:
            total = records.count(place.db, source.spec, self._expo_id, text)
        words = _("还有 {n} 条").format(n=f"{total - len(shown):,}")
        detail = _("在列表里看“{text}”").format(text=text)
        call = partial(place.navigate, ListRoute(source.spec, search=text))
        return [*shown, PaletteRow(shown[0].group, "list-check", words, call, detail, _("打开"))]

    def _records(self, source: Any, text: str) -> list[PaletteRow]:
        """Hits of one kind, those whose title matches first."""
        place, spec, found = self._place, source.spec, source.found
        fields = [spec.field(name) for name in (*found.fields, *found.reasons)]
        if found.few:
            list_rows = partial(records.list_rows, place.db, spec, self._expo_id)
        else:
            list_rows = partial(records.list_rows, place.db, spec, self._expo_id, search=text, limit=LOOKED_AT)
        rows = list_rows(fields, spoken=True)
        own = {row[0]: row[1] for row in list_rows(fields[:1])} if language() == "en" else {}
        zone = place.expo.zone if place.expo else None
        hits, known = [], set[tuple[str, ...]]()
        for row in rows:
            shown = [f.display(value, zone) for f, value in zip(fields, row[1:-1], strict=True)]
            named = (*shown[:2], "" if found.once else str(row[0]))
            hit = self._hit(source, fields, row[0], shown, text, own.get(row[0]) or "")
            if hit is not None and named not in known:
                known.add(named)
                hits.append(hit)
        return sorted(hits, key=rank)

    def _hit(
        self, source: Any, fields: Sequence[Field], key: Any, shown: Sequence[str], text: str, own: str
    ) -> PaletteRow | None:
        """The row of a record; None for one found by what it does not show: a guest by the title of the session.

        `own`: the name it goes by, where its title is the English one.
        """
        spec, found, title = source.spec, source.found, shown[0]
        matched, why = stressed(title, text), ""
        if found.dashless:
            matched = matched or _dashless(title, text)
        if found.empty and shown[found.fields.index(found.empty)] != MISSING:
            return None
        if not matched:
            why = own if own != title and stressed(own, text) else _reason(fields, shown, text, found.fields)
            if not why and (found.few or found.once):
                return None
        rest = [word for word in shown[1 : len(found.fields)] if word not in (MISSING, "") and word not in why]
        detail = " · ".join([why, *rest] if why else rest)
        route = found.route(key) if found.route else ListRoute(spec, record=key)
        call = partial(self._place.navigate, route)
        return PaletteRow(spec.label, f"{spec.icon}-line", title, call, detail, _("打开"), matched, stressed(why, text))

    def _commanded(self, text: str) -> list[PaletteRow]:
        hits = []
        for command in self._commands():
            matched, also = stressed(command.words, text), ""
            if text and not matched:
                also = next((word for word in (*command.also, command.detail) if stressed(word, text)), "")
                if not also:
                    continue
            keys = command.keys.replace("+", " ")
            detail = " · ".join(dict.fromkeys(filter(None, (also, command.detail))))
            hits.append(
                PaletteRow(
                    _(COMMANDS), command.icon, command.words, command.call, detail, keys, matched,
                    stressed(also, text),
                )
            )  # fmt: skip
        return sorted(hits, key=rank) if text else hits


def _dashless(number: str, text: str) -> tuple[tuple[int, int], ...]:
    """A005 is A-005."""
    return ((0, len(number)),) if stressed(number.replace("-", ""), booth_key(text)) else ()


def _reason(fields: Sequence[Field], shown: Sequence[str], text: str, own: Sequence[str]) -> str:
    """Which words of the record match: 嘉宾：张院士（上海大学）; of a list only the one that does."""
    for field, value in list(zip(fields, shown, strict=True))[1:]:
        if value == MISSING or (field.name in ("item_id", "starts_at", "venue_id")):
            continue
        for part in value.split("、"):
            if stressed(part, text):
                return part if field.name in own else _("{label}：{words}").format(label=field.title, words=part)
    return ""
