"""Who signs a deal: columns of a list for each side, kept with its parties in their order.

Of several parties the signatories stand in the order of the parties, joined by 、; who is missing is —. One party has
the whole text: two who sign for it are two names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from expo_app.i18n import N_, _, in_every_language
from expo_app.model import Deal, DealParty, Mandate, PartyRole
from expo_app.rules.amounts import MISSING
from expo_app.rules.parties import split_parties
from expo_app.specs import confidential
from expo_app.specs.field_types import not_longer
from expo_app.specs.fields import Field

_deal, _party = Deal.__table__, DealParty.__table__
JOINED = "、"
SIDES: Mapping[str, tuple[str, PartyRole]] = {
    "sellers": (N_("卖方"), PartyRole.SELLER), "buyers": (N_("买方"), PartyRole.BUYER),
    "others": (N_("签约各方"), PartyRole.PARTY),
}  # fmt: skip
"""The field of the parties → what their side is called, their role."""
_COLUMNS = ("signer", "signer_post", "mandate", "assistant")
NAMES = ("signer", "assistant")
"""Who is named tells whom they sign for."""
_LABELS = (
    N_("卖方签约人"), N_("卖方签约人职务"), N_("卖方授权"), N_("卖方助签"),
    N_("买方签约人"), N_("买方签约人职务"), N_("买方授权"), N_("买方助签"),
    N_("签约各方签约人"), N_("签约各方签约人职务"), N_("签约各方授权"), N_("签约各方助签"),
)  # fmt: skip
_BETWEEN = re.compile(r"[、,，;；\n]")
_NONE = frozenset({"", MISSING, "-", "－", "/", "无"})


def name_of(side: str, column: str) -> str:
    """The field that holds a column of the parties of a side: sellers_signer."""
    return f"{side}_{column}"


FIELDS: Mapping[str, tuple[PartyRole, str]] = {
    name_of(side, column): (role, column) for side, (_label, role) in SIDES.items() for column in _COLUMNS
}
"""Field → the role of the parties and the column it is kept in."""


def fields(group: str) -> Iterator[Field]:
    """A field of deals for each side and column."""
    labels = iter(_LABELS)
    for name, (role, column) in FIELDS.items():
        yield Field(
            name, next(labels), 14, in_table=False, select=_select(role, column), check=_check(column), group=group,
            suggestions=_mandates if column == "mandate" else None,
            secret=confidential.OF_SIDE.get(role) if column in NAMES else None,
        )  # fmt: skip


def _select(role: PartyRole, column: str) -> Any:
    def select_() -> ColumnElement[Any]:
        kept = _party.c[column]
        text: ColumnElement[Any] = kept
        if column == "mandate":
            text = case(*((kept == mandate, literal(mandate.label)) for mandate in Mandate), else_=None)
        listed = (
            select(func.coalesce(func.nullif(text, ""), MISSING).label("text"))
            .where(_party.c.deal_id == _deal.c.id, _party.c.role == role)
            .order_by(_party.c.position, _party.c.id)
            .correlate(_deal)
            .subquery()
        )
        said = func.aggregate_strings(listed.c.text, JOINED)
        is_empty = and_(func.min(listed.c.text) == MISSING, func.max(listed.c.text) == MISSING)
        return select(case((is_empty, None), else_=said)).scalar_subquery()

    return select_


def _mandates() -> list[str]:
    return [mandate.label for mandate in Mandate]


def _check(column: str) -> Any:
    limit: int = getattr(_party.c[column].type, "length", None) or 0

    def own(text: str) -> str:
        if column == "mandate":
            return JOINED.join(mandate.label if mandate else MISSING for mandate in map(_mandate, parts(text)))
        not_longer(text, limit * len(parts(text)))
        return text

    return own


def _mandate(text: str) -> Mandate | None:
    """ValueError with a sentence for a word that is none of theirs."""
    if not text:
        return None
    for mandate in Mandate:
        words = (mandate.name, *in_every_language(mandate.value, type(mandate).__name__))
        if text.casefold() in (word.casefold() for word in words):
            return mandate
    choices = "、".join(mandate.label for mandate in Mandate)
    raise ValueError(_("没有“{text}”这一项，可填：{choices}。").format(text=text, choices=choices))


def parts(text: str | None) -> list[str]:
    """What is said of each party, in their order; "" of one of whom nothing is."""
    found = [part.strip() for part in _BETWEEN.split(text or "")]
    return ["" if part in _NONE else part for part in found]


def said_of(text: str | None, count: int, column: str) -> list[Any]:
    """What is kept of each of `count` parties."""
    if count == 1 and column != "mandate":
        found = [JOINED.join(part for part in parts(text) if part)]
    else:
        found = (parts(text) + [""] * count)[:count]
    return [_mandate(part) for part in found] if column == "mandate" else found


def too_many(values: Mapping[str, Any]) -> dict[str, str]:
    """Signatories of more parties than a side has, by field. A side whose parties are not known says nothing."""
    found = {}
    for name in FIELDS:
        side, _mark, column = name.partition("_")
        count, said = len(split_parties(values.get(side) or "")), len(parts(values.get(name)))
        if side in values and values.get(name) and said > count and (count != 1 or column == "mandate"):
            found[name] = _("填了 {n} 位，签约单位只有 {count} 家。").format(n=said, count=count)
    return found
