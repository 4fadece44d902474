"""A signing ceremony: who signs what, in which batch and place on the stage, and what is not ready yet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from expo_app.i18n import N_, _
from expo_app.model import Mandate, PartyRole
from expo_app.rules import posts
from expo_app.rules.currencies import HOME
from expo_app.rules.natural_order import natural_key

STEPS = (
    N_("宣布开始"), N_("请上签约席"), N_("致辞"), N_("入座"), N_("签字"), N_("交换文本"), N_("握手"), N_("合影"),
)  # fmt: skip
"""The usual course of a signing, from the announcement to the photograph."""
LAST = 10**6
_NUMBERED = re.compile(r"第 ?(\d+) ?批|Batch (\d+)")


def course_words() -> str:
    """宣布开始 → 请上签约席 → …"""
    return " → ".join(_(step) for step in STEPS)


def batch_name(n: int) -> str:
    """What a batch is called that nobody named."""
    return _("第 {n} 批").format(n=n)


def batch_words(batch: str) -> str:
    """A batch as it is read in the current language; a name that somebody gave it stays."""
    found = _NUMBERED.fullmatch(batch)
    return batch_name(int(found[1] or found[2])) if found else batch


@dataclass(frozen=True)
class Signatory:
    """A party of a deal and who signs for it; "" and None: not known yet."""

    party_id: UUID
    role: PartyRole
    organisation: str
    signer: str = ""
    post: str = ""
    mandate: Mandate | None = None
    assistant: str = ""


@dataclass(frozen=True)
class Signing:
    """A deal on its way to the stage. `starts_at` is that of its item of the programme; `amount` is in yuan,
    `foreign_amount` in its own `currency`.
    """

    id: UUID
    deal_no: str
    title: str
    batch: str = ""
    order: int | None = None
    item_id: UUID | None = None
    item: str = ""
    place: str = ""
    starts_at: datetime | None = None
    witness: str = ""
    is_text_ready: bool = False
    amount: Decimal | None = None
    currency: str = HOME
    foreign_amount: Decimal | None = None
    signatories: tuple[Signatory, ...] = ()
    is_sample: bool = False

    def of(self, *roles: PartyRole) -> tuple[Signatory, ...]:
        """The signatories of some roles, in their order."""
        return tuple(one for one in self.signatories if one.role in roles)

    @property
    def sides(self) -> tuple[tuple[Signatory, ...], tuple[Signatory, ...]]:
        """Who sits left and right: sellers and buyers; of an agreement of equals the first party and the others."""
        left, right = self.of(PartyRole.SELLER), self.of(PartyRole.BUYER)
        equals = self.of(PartyRole.PARTY)
        return (left or equals[:1], right + (equals if left else equals[1:]))


def in_order(signings: Iterable[Signing]) -> list[Signing]:
    """By batch, place on the stage, number; what has no batch comes last."""
    return sorted(
        signings, key=lambda one: (not one.batch, natural_key(one.batch), one.order or LAST, natural_key(one.deal_no))
    )


def batches(signings: Iterable[Signing]) -> list[tuple[str, list[Signing]]]:
    """The batches in order, each with its signings."""
    return [(batch, list(members)) for batch, members in groupby(in_order(signings), key=lambda one: one.batch)]


def problems(signing: Signing) -> list[str]:
    """What is not ready, each in a few words."""
    found = []
    for one in signing.of(PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY):
        if not one.signer:
            found.append(_("{who}没有签约人").format(who=one.organisation))
        elif one.mandate in (None, Mandate.MISSING):
            found.append(_("{who}的授权未见").format(who=one.organisation))
    if not any(signing.sides):
        found.append(_("没有签约各方"))
    found += filter(None, [unequal(signing.signatories)])
    if not signing.is_text_ready:
        found.append(_("文本未就绪"))
    return found


def unequal(signatories: Sequence[Signatory]) -> str:
    """That posts are not of one rank, in words; "" where they are, or one is not known."""
    ranked = [(posts.rank(one.post), one) for one in signatories if one.post and one.role is not PartyRole.WITNESS]
    known = [(rank, one) for rank, one in ranked if rank is not None]
    if len({rank for rank, _one in known}) < 2:
        return ""
    high, low = min(known, key=lambda pair: pair[0])[1], max(known, key=lambda pair: pair[0])[1]
    return _("职务不对等：{high} {first}，{low} {second}").format(
        high=high.signer or high.organisation, first=high.post, low=low.signer or low.organisation, second=low.post
    )


def at_once(signings: Iterable[Signing]) -> Mapping[UUID, str]:
    """Signing → who signs or turns pages in another one of its batch as well: nobody sits at two tables."""
    found: dict[UUID, str] = {}
    seated: dict[tuple[str, UUID | None, str], Signing] = {}
    for signing in in_order(signings):
        names = {name for one in signing.signatories for name in (one.signer, one.assistant) if name}
        for name in sorted(names) if signing.batch else ():
            other = seated.setdefault((signing.batch, signing.item_id, name), signing)
            if other.id != signing.id:
                words = _("{who}同一批次也在 {no}").format(who=name, no=other.deal_no)
                found[signing.id] = words
    return found


def all_problems(signings: Sequence[Signing]) -> dict[UUID, list[str]]:
    """Signing → everything that is to be settled before it, those that are ready left out."""
    twice = at_once(signings)
    every = {one.id: problems(one) + ([twice[one.id]] if one.id in twice else []) for one in signings}
    return {key: words for key, words in every.items() if words}
