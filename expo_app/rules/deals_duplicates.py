"""Deals that may have been entered twice.

Suspected: the same contract number; or the same parties and (a similar title, or amounts within 10 %); or a party of
each side in common, a similar title and amounts within 10 %. An amount that is missing, or in another currency and not
converted, cannot tell two deals of the same parties apart, so it counts as near: it never hides a duplicate.
The caller leaves out void deals.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, product
from uuid import UUID

from expo_app.i18n import N_, _
from expo_app.model import PartyRole
from expo_app.rules.amounts import MISSING, format_wan
from expo_app.rules.natural_order import natural_key

SIMILAR = 0.6
"""From this ratio (difflib, 0 to 1) on, two titles are similar."""
NEAR = Decimal("0.1")
"""Amounts are near when they differ by no more than this share of the larger."""
SURE = 95
"""Per cent shown at least for the same contract number."""

_WEIGHTS = {"parties": 40, "title": 30, "amount": 20, "kind": 10}
_FILLERS = re.compile(r"项目|合同|协议书|协议|签约|合作|[\W_]+")
_FILLER_FREE = 4


@dataclass(frozen=True)
class Party:
    """An organisation's part in a deal."""

    role: PartyRole
    organisation_id: UUID
    name: str = ""


@dataclass(frozen=True)
class DealFacts:
    """What is compared. `amount` in yuan; `kind` is the label shown; `id` None: not saved yet. `is_cleared`: someone
    has confirmed that it repeats no deal entered before it; `order` tells which was entered first (number or time)."""

    id: UUID | None
    deal_no: str
    title: str
    parties: tuple[Party, ...] = ()
    amount: Decimal | None = None
    currency: str = "CNY"
    contract_no: str | None = None
    kind: str = ""
    is_cleared: bool = False
    order: str = ""


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: a source label, both texts, whether they agree."""

    source: str
    mine: str
    theirs: str
    is_same: bool

    @property
    def label(self) -> str:
        return _(self.source)


@dataclass(frozen=True)
class Suspicion:
    """`deal` may repeat `other`: how alike they are in per cent, why, field by field."""

    deal: DealFacts
    other: DealFacts
    percent: int
    reasons: tuple[str, ...]
    fields: tuple[Compared, ...]

    @property
    def text(self) -> str:
        """Why, in the current language: 双方相同、金额相近."""
        return _("、").join(_(reason) for reason in self.reasons)


def _entered(deal: DealFacts) -> tuple[str, str]:
    """What deals are in order of entry by."""
    return deal.order, natural_key(deal.deal_no)


def compare(deal: DealFacts, other: DealFacts) -> Suspicion | None:
    """The suspicion that `deal` repeats `other`; None where there is none."""
    reasons = _reasons(deal, other)
    if not reasons:
        return None
    return Suspicion(deal, other, _percent(deal, other), reasons, _fields(deal, other))


def suspects(deal: DealFacts, others: Iterable[DealFacts]) -> list[Suspicion]:
    """The deals that `deal` may repeat, most alike first; itself left out."""
    found = [s for other in others if deal.id is None or other.id != deal.id if (s := compare(deal, other))]
    return sorted(found, key=lambda suspicion: (-suspicion.percent, natural_key(suspicion.other.deal_no)))


class Index:
    """Deals by what a suspicion begins with, so that one being typed is compared with a few of many thousand."""

    def __init__(self, deals: Sequence[DealFacts], known: Callable[[str], UUID | None] = lambda _name: None) -> None:
        """`known`: the organisation of any other name, as a save would find it."""
        self._known = known
        self._by: dict[object, list[DealFacts]] = {}
        self._ids: dict[str, UUID] = {}
        for deal in deals:
            for key in _keys(deal):
                self._by.setdefault(key, []).append(deal)
            self._ids |= {_spelling(party.name): party.organisation_id for party in deal.parties}

    def body(self, name: str) -> UUID | None:
        """The organisation of this name, however it is spelled, as a party of some deal or by any name it goes by."""
        return self._ids.get(_spelling(name)) or self._known(name)

    def suspects(self, deal: DealFacts) -> list[Suspicion]:
        """What `suspects` finds among all of them."""
        near = {id(other): other for key in _keys(deal) for other in self._by.get(key, ())}
        return suspects(deal, near.values())


def _spelling(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _keys(deal: DealFacts) -> Iterator[object]:
    """What two deals of a suspicion have in common: a contract number, all their parties, or one of each side."""
    if contract_no := _contract_no(deal):
        yield contract_no
    if together := _organisations(deal):
        yield together
    yield from _across(deal) - {together}


def pairs(deals: Sequence[DealFacts]) -> list[Suspicion]:
    """Every suspected pair, the later deal first in it; those cleared left out. Only deals that share a contract
    number, all parties or one of each side are compared: near-linear."""
    seen: set[tuple[int, int]] = set()
    found: list[Suspicion] = []
    for bucket in _buckets(deals):
        for pair in combinations(bucket, 2):
            if pair not in seen:
                seen.add(pair)
                earlier, later = sorted((deals[pair[0]], deals[pair[1]]), key=_entered)
                if not later.is_cleared and (suspicion := compare(later, earlier)):
                    found.append(suspicion)
    return sorted(found, key=lambda s: (-s.percent, natural_key(s.deal.deal_no), natural_key(s.other.deal_no)))


def groups(deals: Sequence[DealFacts]) -> list[tuple[DealFacts, ...]]:
    """Deals that hang together by suspected pairs, each group in order of entry."""
    place = {id(deal): number for number, deal in enumerate(deals)}
    root = list(range(len(deals)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for suspicion in pairs(deals):
        root[find(place[id(suspicion.deal)])] = find(place[id(suspicion.other)])
    members: dict[int, list[DealFacts]] = {}
    for number, deal in enumerate(deals):
        members.setdefault(find(number), []).append(deal)
    found = [sorted(group, key=_entered) for group in members.values() if len(group) > 1]
    return sorted((tuple(group) for group in found), key=lambda group: _entered(group[0]))


def similar_titles(one: str, two: str) -> float:
    """How alike two titles are, 0 to 1: difflib on text without case, width, punctuation and words every title has."""
    return _ratio(*sorted((_bare(one), _bare(two))))


@lru_cache(maxsize=65536)
def _ratio(one: str, two: str) -> float:
    if not one or not two:
        return 0.0
    return 1.0 if one == two else SequenceMatcher(None, one, two, autojunk=False).ratio()


@lru_cache(maxsize=8192)
def _bare(title: str) -> str:
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).casefold())
    bare = _FILLERS.sub("", plain)
    return bare if len(bare) >= _FILLER_FREE else plain


def _buckets(deals: Sequence[DealFacts]) -> Iterator[list[int]]:
    """Indexes of deals that share what a suspicion begins with."""
    by: dict[object, list[int]] = {}
    for number, deal in enumerate(deals):
        for key in _keys(deal):
            by.setdefault(key, []).append(number)
    return (bucket for bucket in by.values() if len(bucket) > 1)


def number_key(contract_no: str | None) -> str:
    """What two spellings of one contract number have in common."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", contract_no or "")).upper()


def _contract_no(deal: DealFacts) -> str:
    return number_key(deal.contract_no)


def _organisations(deal: DealFacts) -> frozenset[UUID]:
    """Who signs, whatever the order and side; witnesses are no parties."""
    return frozenset(party.organisation_id for party in deal.parties if party.role is not PartyRole.WITNESS)


def _across(deal: DealFacts) -> set[frozenset[UUID]]:
    """Every two that sign opposite each other: seller and buyer, or two of an agreement without sides."""
    sellers, buyers, others = (_of_role(deal, role) for role in _ROLE_LABELS)
    return {frozenset(pair) for pair in (*product(sellers, buyers), *combinations(others, 2))}


def _shares_sides(deal: DealFacts, other: DealFacts) -> bool:
    return not _across(deal).isdisjoint(_across(other))


def _same_parties(deal: DealFacts, other: DealFacts) -> bool:
    return bool(_organisations(deal)) and _organisations(deal) == _organisations(other)


def _comparable(deal: DealFacts, other: DealFacts) -> bool:
    return deal.amount is not None and other.amount is not None and deal.currency == other.currency


def _near(deal: DealFacts, other: DealFacts) -> bool:
    if deal.amount is None or other.amount is None or deal.currency != other.currency:
        return False
    return abs(deal.amount - other.amount) <= NEAR * max(deal.amount, other.amount)


def _reasons(deal: DealFacts, other: DealFacts) -> tuple[str, ...]:
    """Source texts of what makes a suspicion; empty where there is none."""
    reasons = []
    if _contract_no(deal) and _contract_no(deal) == _contract_no(other):
        reasons.append(N_("合同编号相同"))
    if _same_parties(deal, other):
        details = []
        if similar_titles(deal.title, other.title) >= SIMILAR:
            details.append(N_("项目名称相近"))
        if not _comparable(deal, other):
            details.append(N_("金额无从比较"))
        elif _near(deal, other):
            details.append(N_("金额相同") if deal.amount == other.amount else N_("金额相近"))
        reasons += [N_("签约各方相同"), *details] if details else []
    elif _near(deal, other) and _shares_sides(deal, other) and similar_titles(deal.title, other.title) >= SIMILAR:
        amount = N_("金额相同") if deal.amount == other.amount else N_("金额相近")
        reasons += [N_("买卖双方都有相同单位"), N_("项目名称相近"), amount]
    return tuple(reasons)


def _shared_parties(deal: DealFacts, other: DealFacts) -> Decimal:
    """The share of the parties of both that is in common, where sides are shared; else all or nothing."""
    if not _shares_sides(deal, other):
        return Decimal(_same_parties(deal, other))
    mine, theirs = _organisations(deal), _organisations(other)
    return Decimal(len(mine & theirs)) / len(mine | theirs)


def _percent(deal: DealFacts, other: DealFacts) -> int:
    """Weighted likeness; what cannot be compared does not count against it."""
    shares: dict[str, Decimal] = {
        "parties": _shared_parties(deal, other),
        "title": Decimal(similar_titles(deal.title, other.title)),
    }
    if deal.amount is not None and other.amount is not None and deal.currency == other.currency:
        larger = max(deal.amount, other.amount)
        shares["amount"] = 1 - abs(deal.amount - other.amount) / larger if larger else Decimal(1)
    if deal.kind and other.kind:
        shares["kind"] = Decimal(deal.kind == other.kind)
    whole = sum(_WEIGHTS[name] for name in shares)
    percent = round(100 * sum(_WEIGHTS[name] * share for name, share in shares.items()) / whole)
    return max(percent, SURE) if _contract_no(deal) and _contract_no(deal) == _contract_no(other) else percent


_ROLE_LABELS: Mapping[PartyRole, str] = {
    PartyRole.SELLER: N_("卖方"),
    PartyRole.BUYER: N_("买方"),
    PartyRole.PARTY: N_("签约方"),
}


def _fields(deal: DealFacts, other: DealFacts) -> tuple[Compared, ...]:
    lines = []
    for role, label in _ROLE_LABELS.items():
        mine, theirs = _of_role(deal, role), _of_role(other, role)
        if mine or theirs:
            lines.append(Compared(label, _names(mine), _names(theirs), set(mine) == set(theirs)))
    same_amount = _comparable(deal, other) and deal.amount == other.amount
    lines.append(Compared(N_("金额"), _amount(deal, other), _amount(other, deal), same_amount))
    if deal.kind or other.kind:
        lines.append(Compared(N_("类型"), deal.kind or MISSING, other.kind or MISSING, deal.kind == other.kind))
    lines.append(Compared(N_("名称"), deal.title, other.title, _bare(deal.title) == _bare(other.title)))
    if deal.contract_no or other.contract_no:
        mine_no, their_no = deal.contract_no or MISSING, other.contract_no or MISSING
        lines.append(Compared(N_("合同编号"), mine_no, their_no, _contract_no(deal) == _contract_no(other)))
    return tuple(lines)


def _of_role(deal: DealFacts, role: PartyRole) -> dict[UUID, str]:
    return {party.organisation_id: party.name for party in deal.parties if party.role is role}


def _names(parties: Mapping[UUID, str]) -> str:
    return "、".join(parties.values()) or MISSING


def _amount(deal: DealFacts, other: DealFacts) -> str:
    """万元; the currency is shown where the two differ."""
    text = format_wan(deal.amount)
    return text if deal.amount is None or deal.currency == other.currency else f"{text} {deal.currency}"
