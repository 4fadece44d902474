"""Who owns a lot, by the names that are recorded: whoever is one of them bids on it for nobody (拍卖法 art. 30), and of
several each has to consent to its sale (专利法 art. 14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from expo_app.damaged import readable
from expo_app.model import Lot, LotPatent, RightRole
from expo_app.rules.parties import split_parties
from expo_app.specs.names import name_key

Row = Mapping[Any, Any]
_patent, _lot = LotPatent.__table__, Lot.__table__
_HOLDERS = select(_patent.c.lot_id, _patent.c.holder, _patent.c.applicant).order_by(_patent.c.position, _patent.c.id)
HOLDERS_OF_LOT = _HOLDERS.where(_patent.c.lot_id == bindparam("lot"))
HOLDERS_OF_ALL = _HOLDERS.join(_lot, _lot.c.id == _patent.c.lot_id).where(_lot.c.auction_id == bindparam("auction"))
OF_A_BODY = ("name", "name_en", "short_name", "aliases")


def keys_of(names: Iterable[Any]) -> set[str]:
    """Names as they are compared; one that cannot be read is none."""
    return {name_key(name) for name in names if readable(name)} - {""}


def names_of(body: Row, prefix: str = "") -> set[str]:
    """Every name an organisation goes by, as names are compared."""
    *names, aliases = (body[f"{prefix}{name}"] for name in OF_A_BODY)
    return keys_of((*names, *(readable(aliases) or ())))


def holders_of(patent: Row, known: set[str]) -> list[str]:
    """Whose a patent is, as it is recorded: those it was granted to, else those who applied for it.

    `known`: owners, as names are compared; a text that is the whole name of one is one holder, whatever marks it has.
    """
    text = readable(patent["holder"]) or readable(patent["applicant"]) or ""
    return [text] if name_key(text) in known else split_parties(text)


def unasked(patents: Iterable[Row], owner: set[str], rights: Iterable[Row]) -> tuple[str, ...]:
    """Whom the patents of a lot name as holders beside others, and nobody recorded as co-owner.

    A patent of one holder has no co-owner, whatever that one is called.
    """
    known = owner | keys_of(right["name"] for right in rights if right["role"] is RightRole.CO_OWNER)
    shared = [names for patent in patents if len(names := holders_of(patent, known)) > 1]
    return tuple(dict.fromkeys(name for names in shared for name in names if name_key(name) not in known))


def owners_of(patents: Sequence[Row], owner: set[str], rights: Sequence[Row], claimed: Iterable[Row]) -> set[str]:
    """All who may not bid on a lot as it is theirs; whoever `claimed` their priority on it may (民法典 art. 860)."""
    others = keys_of(right["name"] for right in rights if right["role"] is RightRole.CO_OWNER)
    others |= keys_of(name for patent in patents for name in holders_of(patent, owner | others))
    return owner | (others - keys_of(right["name"] for right in claimed))
