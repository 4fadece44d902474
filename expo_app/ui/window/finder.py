"""What Ctrl+K finds: records of the expo by text, pinyin, initials, phone tail and number; then commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from expo_app.i18n import N_, _
from expo_app.rules.search_key import matches, search_term
from expo_app.services import records
from expo_app.specs import MISSING, SPEAKERS, SPECS, Field
from expo_app.ui.context import Context
from expo_app.ui.kit.palette import MOST, PaletteRow

KNOWN = {**SPECS, SPEAKERS.name: SPEAKERS}
LOOKED_AT, COMMANDS_KEPT = 40, 3  # records of one kind that are ranked; places that commands keep beside records


@dataclass(frozen=True)
class Source:
    """A kind of record, the page that shows it, and the fields of a hit: title first, then the small words.

    `tab`: the list on the page, where it has several; `section`: the subject of the settings. `reasons`: further fields
    by which a record is found, told where the title does not say why. `few`: there are so few that all are read and
    matched here. `shows`: another page that shows one of them, and what it calls it.
    """

    spec: str
    page: str
    fields: tuple[str, ...]
    tab: str = ""
    reasons: tuple[str, ...] = ()
    section: str = ""
    few: bool = False
    shows: tuple[str, str] = ("", "record")


@dataclass(frozen=True)
class Command:
    """Something to do: words, where it belongs, icon, key, and the act. `also`: further words that find it."""

    words: str
    detail: str
    icon: str
    keys: str
    call: Callable[[], object]
    also: tuple[str, ...] = ()


SOURCES = (
    Source("programme", "programme", ("title", "starts_at", "room_id"), reasons=("speakers", "title_en", "host")),
    Source(
        "exhibitors", "exhibitors", ("organisation.name", "booths", "region_group", "organisation.industry"),
        reasons=("contact.name", "contact.phone"),
    ),
    Source(
        "attendees", "attendees", ("person.name", "organisation_id", "badge_no", "category"), reasons=("person.phone",)
    ),
    Source("speakers", "guests", ("person", "organisation", "person_title", "item_id"), "speakers"),
    Source("deals", "deals", ("title", "deal_no", "stage"), reasons=("sellers", "buyers", "others", "contract_no")),
    Source("achievements", "guests", ("title", "owner_id"), "achievements", ("field",)),
    Source(
        "booths", "settings", ("number", "state", "zone_id", "holder"), section="booths", few=True,
        shows=("booths", "booth"),
    ),
    Source("rooms", "settings", ("name", "venue_id"), section="rooms", few=True),
    Source("operators", "settings", ("name", "role"), section="operators", few=True),
)  # fmt: skip
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
            total = records.count(context.db, KNOWN[source.spec], context.expo_id, text)
        words = _("还有 {n} 条").format(n=f"{total - len(shown):,}")
        detail = _("在列表里看“{text}”").format(text=text)
        call = partial(context.navigate, source.page, search=text, **_place(source))
        return [*shown, PaletteRow(shown[0].group, "list-check", words, call, detail, _("打开"))]

    def _records(self, source: Source, text: str) -> list[PaletteRow]:
        """Hits of one kind, those whose title matches first."""
        context, spec = self._context, KNOWN[source.spec]
        fields = [spec.field(name) for name in (*source.fields, *source.reasons)]
        if source.few:
            rows = records.list_rows(context.db, spec, context.expo_id, fields)
        else:
            rows = records.list_rows(context.db, spec, context.expo_id, fields, search=text, limit=LOOKED_AT)
        zone = context.expo.zone if context.expo else None
        hits, known = [], set[tuple[str, ...]]()
        for row in rows:
            shown = [f.display(value, zone) for f, value in zip(fields, row[1:-1], strict=True)]
            named = (*shown[:2], str(row[0]) if source.spec != "speakers" else "")
            hit = self._hit(source, fields, row[0], shown, text)
            if hit is not None and named not in known:
                known.add(named)
                hits.append(hit)
        return sorted(hits, key=_rank)

    def _hit(
        self, source: Source, fields: Sequence[Field], key: Any, shown: Sequence[str], text: str
    ) -> PaletteRow | None:
        """The row of a record; None for one found by what it does not show: a guest by the title of the session."""
        spec, title = KNOWN[source.spec], shown[0]
        matched, why = _stressed(title, text), ""
        if source.spec == "booths":
            matched = matched or _dashless(title, text)
            if shown[3] != MISSING:
                return None  # its exhibitor is found by the number
        if not matched:
            why = _reason(fields, shown, text, source.fields)
            if not why and (source.few or source.spec == "speakers"):
                return None
        rest = [word for word in shown[1 : len(source.fields)] if word not in (MISSING, "") and word not in why]
        detail = " · ".join([why, *rest] if why else rest)
        page, name = source.shows
        call = partial(self._context.navigate, page or source.page, **{name: key}, **({} if page else _place(source)))
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


def _place(source: Source) -> dict[str, str]:
    """Where on its page the kind is shown."""
    return {name: value for name, value in (("tab", source.tab), ("section", source.section)) if value}


def _dashless(number: str, text: str) -> tuple[tuple[int, int], ...]:
    """A005 is A-005."""
    return ((0, len(number)),) if _stressed(number.replace("-", ""), text) else ()


def _reason(fields: Sequence[Field], shown: Sequence[str], text: str, own: Sequence[str]) -> str:
    """Which words of the record match: 嘉宾：张院士（上海大学）; of a list only the one that does."""
    for field, value in list(zip(fields, shown, strict=True))[1:]:
        if value == MISSING or (field.name in ("item_id", "starts_at", "venue_id")):
            continue
        for part in value.split("、"):
            if _stressed(part, text):
                return part if field.name in own else _("{label}：{words}").format(label=field.title, words=part)
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
