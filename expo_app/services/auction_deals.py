"""What a hammer made stays with its deal: its price and parties are those of the 成交确认书 (拍卖法 art. 51, 52)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import DealParty, Lot, Organisation
from expo_app.rules.parties import split_parties
from expo_app.services.auction_floor import LOCKED
from expo_app.services.auction_owners import OF_A_BODY, names_of
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import DEALS, PlanRow, RecordSpec
from expo_app.specs.deals import PARTIES
from expo_app.specs.names import name_key

COLUMNS = frozenset({"kind", "amount", "currency", "foreign_amount", "rate"})
SIDES = frozenset({"sellers", "buyers"})
HAMMERED = N_("标的 {no} 落槌成交，“{field}”以成交确认书为准，不再改，未保存，数据未变。")


def refuse_other(writer: Writer, drafts: list[Draft]) -> None:
    """InvalidRecord for a save of a hammer's deal that says another price, kind or party."""
    said = {draft.record_id: draft for draft in drafts if _said(draft)}
    for deal_id, no in _hammered(writer.session, said).items():
        draft, names = said[deal_id], _said(said[deal_id])
        names -= {side for side in names & SIDES if _is_same(writer.session, deal_id, side, draft.virtual[side])}
        if names:
            raise InvalidRecord({name: _words(no, name) for name in sorted(names)}, draft.row)


def _said(draft: Draft) -> set[str]:
    return set() if draft.is_new else {*filter(draft.changed, COLUMNS), *filter(draft.gives, SIDES)}


def kept_out(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """The same of a plan, by the words of the save."""
    coming = {row.record_id: row.changes.keys() & (COLUMNS | SIDES) for row in rows if row.record_id and row.goes_in}
    asked = {key: names for key, names in coming.items() if names}
    hammered = _hammered(session, asked)

    def review(row: PlanRow) -> PlanRow:
        if row.record_id not in hammered:
            return row
        no, names = hammered[row.record_id], sorted(asked[row.record_id])
        return row.refused({spec.field(name).title: _words(no, name) for name in names})

    return tuple(map(review, rows))


def _words(no: str, name: str) -> str:
    return _(HAMMERED).format(no=no, field=DEALS.field(name).title)


def _hammered(session: Session, deals: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Those of the deals that a hammer made, with the number of their lot."""
    lot = Lot.__table__
    found: dict[uuid.UUID, str] = {}
    for part in in_parts(deals):
        query = select(lot.c.deal_id, lot.c.lot_no).where(lot.c.deal_id.in_(part), lot.c.state.in_(LOCKED))
        found.update(session.execute(query).all())
    return found


def _is_same(session: Session, deal_id: uuid.UUID, side: str, text: Any) -> bool:
    """Whether what was entered for a side are the parties there are, by any of their names."""
    party, body = DealParty.__table__, Organisation.__table__
    query = select(*(body.c[name] for name in OF_A_BODY)).join(party, party.c.organisation_id == body.c.id)
    query = query.where(party.c.deal_id == deal_id, party.c.role == PARTIES[side])
    there = [names_of(row) for row in session.execute(query).mappings()]
    given = [name_key(name) for name in split_parties(text or "")]
    return len(there) == len(given) and all(any(name in names for names in there) for name in given)
