"""资源目录: instruments, services and providers as they are searched, and who takes which region's voucher on a day.

A set of entries is one whole number with a bit for each: what several conditions leave, and how many that are, is a
few `&` and `bit_count`, so that every count is what a tick on it would show.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from expo_app.i18n import N_, Labelled
from expo_app.model import PaidWay
from expo_app.rules.natural_order import natural_key
from expo_app.rules.search_key import search_terms


class Kind(Labelled):
    INSTRUMENT = N_("仪器")
    SERVICE = N_("服务")
    BODY = N_("机构")


class Refusal(Labelled):
    """Why a region's voucher pays for an entry not at all; the first that holds is told."""

    EXPIRED = N_("不在目录有效期内")
    NO_POLICY = N_("当天没有有效办法")
    NOWHERE = N_("机构没有登记地区")
    PLACE = N_("办法不收这个地区")
    NOT_LISTED = N_("本机构不在其名录")
    NOT_TAKEN = N_("这项资源不收它的券")


@dataclass(frozen=True, slots=True)
class Body:
    """A provider. `nature`: the kind of organisation it is, `place`: where, both in words."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    region_code: str
    place: str
    nature: str
    is_sample: bool
    search: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that can be booked, or the provider itself. `price` in yuan for one `unit`; None: not published."""

    kind: Kind
    id: uuid.UUID
    title: str
    body: Body
    search: str
    category: str = ""
    subcategory: str = ""
    model_no: str = ""
    price: Decimal | None = None
    unit: str = ""
    price_from: date | None = None
    qualification: str = ""
    qualified_until: date | None = None
    listed_from: date | None = None
    listed_until: date | None = None
    accepts: tuple[str, ...] | None = None
    """Codes of the regions whose vouchers it takes, prefixes; None: those that list its provider."""
    is_bookable: bool = True
    is_sample: bool = False

    def is_listed(self, day: date) -> bool:
        """Whether the catalogue holds it on a day."""
        return is_listed(self.listed_from, self.listed_until, day)


@dataclass(frozen=True, slots=True)
class PolicyOfDay:
    """The version of a region's policy that is valid on the day of the catalogue. `accepted` empty: every place."""

    id: uuid.UUID
    title: str
    version_no: int
    rate: Decimal
    way: PaidWay
    accepted: tuple[str, ...]
    needs_list: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Issuer:
    """A region that gives vouchers; `listed`: the providers on its list on the day."""

    code: str
    name: str
    policy: PolicyOfDay | None
    listed: frozenset[uuid.UUID] = frozenset()


def refusal(issuer: Issuer, entry: Entry, day: date) -> Refusal | None:
    """Why an entry takes no voucher of a region on a day; None where it takes it."""
    policy, body = issuer.policy, entry.body
    if not entry.is_listed(day):
        return Refusal.EXPIRED
    if policy is None:
        return Refusal.NO_POLICY
    found = refused_body(body.region_code, policy.accepted, policy.needs_list and body.id not in issuer.listed)
    return found or (None if takes(entry.accepts, issuer.code) else Refusal.NOT_TAKEN)


def refused_body(region_code: str | None, accepted: tuple[str, ...] | None, lacks_list: bool) -> Refusal | None:
    """Why a policy pays no provider of a region; `accepted`: beginnings of codes, none: every place."""
    if not region_code:
        return Refusal.NOWHERE
    if accepted and not region_code.startswith(accepted):
        return Refusal.PLACE
    return Refusal.NOT_LISTED if lacks_list else None


def is_listed(start: date | None, end: date | None, day: date) -> bool:
    """Whether the catalogue holds on a day what stands in it from `start` to `end`, an open end None."""
    return (start is None or start <= day) and (end is None or day <= end)


def takes(accepts: Sequence[str] | None, code: str) -> bool:
    """Whether a resource that says what it accepts takes vouchers of a region."""
    return accepts is None or code.startswith(tuple(accepts))


def taken_of(entry: Entry, issuers: Iterable[Issuer], day: date) -> tuple[str, ...]:
    """Codes of the regions whose vouchers an entry takes, in the order of the issuers."""
    return tuple(issuer.code for issuer in issuers if refusal(issuer, entry, day) is None)


MOST_TAG = 6


def tags_of(names: Sequence[str]) -> list[str]:
    """The shortest beginnings of one length that tell names apart: 杭, 温, or 杭州, 金华, 金坛; Latin ones whole."""
    short = [name for name in names if not name.isascii()]
    telling = next((n for n in range(1, MOST_TAG) if len({name[:n] for name in short}) == len(set(short))), MOST_TAG)
    return [name if name.isascii() else name[:telling] for name in names]


# --- searching --------------------------------------------------------------------------------------------------------

REGION, CATEGORY, NATURE, TAKES = FACETS = ("region", "category", "nature", "takes")
PRICE, TITLE = ORDERS = ("price", "title")
NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})
_AS_FLAGS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Values ticked in one facet are alternatives, facets hold together; none ticked: all."""

    kind: Kind = Kind.INSTRUMENT
    search: str = ""
    ticked: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING)
    order: str = PRICE
    descending: bool = False


@dataclass(frozen=True)
class Found:
    """Places in `Catalogue.entries`, in the order wanted; how many of them count; how many the search alone leaves of
    each kind; for each facet how many each value has with the other conditions, values nobody of the kind has left out.
    """

    places: Sequence[int]
    count: int
    kinds: Mapping[Kind, int]
    counts: Mapping[str, Mapping[str, int]]


class Catalogue:
    """All entries as of a day. `group_of` says which group of regions a code belongs to; without `with_samples` those
    that are samples are found, but count for nothing.
    """

    def __init__(
        self, entries: Sequence[Entry], issuers: Sequence[Issuer], day: date, group_of: Callable[[str], str],
        *, with_samples: bool = True,
    ) -> None:  # fmt: skip
        self.entries, self.issuers, self.day = tuple(entries), tuple(issuers), day
        self._size = len(self.entries)
        self._every = (1 << self._size) - 1
        real = (place for place, entry in enumerate(self.entries) if not entry.is_sample)
        self._counted = self._every if with_samples else self._mask(real)
        bodies: dict[uuid.UUID, int] = {}
        self._body_of = [bodies.setdefault(entry.body.id, len(bodies)) for entry in self.entries]
        self._body_keys = list({entry.body.id: entry.body.search for entry in self.entries}.values())
        self._keys = [entry.search for entry in self.entries]
        self.takes = self._taken()
        self._kinds = self._masks((entry.kind,) for entry in self.entries)
        self._facets: dict[str, Mapping[Any, int]] = {
            REGION: self._masks((group_of(entry.body.region_code),) for entry in self.entries),
            CATEGORY: self._masks((entry.category,) for entry in self.entries),
            NATURE: self._masks((entry.body.nature,) for entry in self.entries),
            TAKES: self._masks(self.takes),
        }
        self._orders = {order: self._ordered(order) for order in ORDERS}

    def _taken(self) -> list[tuple[str, ...]]:
        """For each entry the regions whose vouchers it takes; entries of one provider mostly say the same."""
        known: dict[tuple[Any, ...], tuple[str, ...]] = {}
        taken = []
        for entry in self.entries:
            key = (entry.body.id, entry.accepts, entry.is_listed(self.day))
            if key not in known:
                known[key] = taken_of(entry, self.issuers, self.day)
            taken.append(known[key])
        return taken

    def _masks(self, values: Iterable[Collection[Any]]) -> dict[Any, int]:
        places: dict[Any, list[int]] = {}
        for place, said in enumerate(values):
            for value in said:
                places.setdefault(value, []).append(place)
        return {value: self._mask(having) for value, having in places.items()}

    def _mask(self, places: Iterable[int]) -> int:
        flags = bytearray(b"0" * self._size)
        for place in places:
            flags[place] = ord("1")
        return int(flags, 2) if flags else 0

    def _ordered(self, order: str) -> tuple[list[int], list[int]]:
        """Places with a value in ascending order, and those without one, by title both."""
        titles = [natural_key(entry.title) for entry in self.entries]
        places = sorted(range(self._size), key=titles.__getitem__)
        if order == TITLE:
            return places, []
        priced = [
            (entry.price, n) for n, place in enumerate(places) if (entry := self.entries[place]).price is not None
        ]
        return (
            [places[n] for _price, n in sorted(priced)],
            [place for place in places if self.entries[place].price is None],
        )

    # --- asking ---

    def find(self, wanted: Wanted) -> Found:
        """What is wanted, and what else could be."""
        searched = self._searched(wanted.search)
        kinds = {kind: (searched & self._kinds.get(kind, 0) & self._counted).bit_count() for kind in Kind}
        whole = self._kinds.get(wanted.kind, 0)
        base = searched & whole
        asked = {name: self._any(name, values) for name, values in wanted.ticked.items() if values}
        counts = {}
        for name in FACETS:
            near = base & self._counted
            for other, mask in asked.items():
                near = near if other == name else near & mask
            offered = {value: mask for value, mask in self._facets[name].items() if mask & whole}
            counts[name] = {value: (mask & near).bit_count() for value, mask in offered.items()}
        met = base
        for mask in asked.values():
            met &= mask
        count = (met & self._counted).bit_count()
        return Found(self._places(met, wanted.order, wanted.descending), count, kinds, counts)

    def count(self, kind: Kind) -> int:
        """How many entries of a kind there are."""
        return (self._kinds.get(kind, 0) & self._counted).bit_count()

    def _any(self, name: str, values: Iterable[str]) -> int:
        mask = 0
        for value in values:
            mask |= self._facets[name].get(value, 0)
        return mask

    def _searched(self, text: str) -> int:
        left = self._every
        for spellings in search_terms(text):
            mask = 0
            for spelling in spellings:
                mask |= self._saying(spelling)
            left &= mask
        return left

    def _saying(self, term: str) -> int:
        """Entries whose own key holds a term, or whose provider's does."""
        bodies = {n for n, key in enumerate(self._body_keys) if term in key}
        if bodies:
            pairs = zip(self._keys, self._body_of, strict=True)
            flags = ["1" if term in key or body in bodies else "0" for key, body in pairs]
        else:
            flags = ["1" if term in key else "0" for key in self._keys]
        return int("".join(flags), 2) if flags else 0

    def _places(self, mask: int, order: str, descending: bool) -> list[int]:
        valued, without = self._orders[order]
        flags = f"{mask:0{self._size}b}".encode().translate(_AS_FLAGS)
        found = [place for place in valued if flags[place]]
        if descending:
            found.reverse()
        return found + [place for place in without if flags[place]]
