"""A draft deal with both sides filled in, whatever it came of: interest in a pitch, a meeting."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expo_app.i18n import _
from expo_app.model import DealKind, DealPatent, DealStage, Entry, PartyRole, new_id
from expo_app.rules import patents
from expo_app.services.deals_parties import add_parties
from expo_app.services.record_writer import Writer, write_row
from expo_app.specs import DEALS
from expo_app.store.staging import default


@dataclass(frozen=True)
class DealDraft:
    """What a draft is made of. `amount` in yuan; `patent_no` as the result says it; `notes`: its remarks, in lines."""

    title: str
    kind: DealKind
    seller_id: uuid.UUID
    seller: str
    buyer_id: uuid.UUID
    amount: Decimal | None = None
    contract_kind: str = ""
    patent_no: str = ""
    item_id: uuid.UUID | None = None
    is_sample: bool = False
    notes: tuple[str, ...] = ()


def write_draft(writer: Writer, one: DealDraft) -> uuid.UUID:
    """The deal, its parties and its patents; its key. A draft counts in no figure."""
    numbers, unread = _patents(one.patent_no)
    is_tech = one.kind is DealKind.TECH_CONTRACT
    notes: Iterable[str] = (*one.notes, _("专利：{no}").format(no=unread) if unread else "")
    values = {
        "title": one.title, "kind": one.kind, "stage": DealStage.INTENT, "entry": Entry.DRAFT, "amount": one.amount,
        "contract_kind": one.contract_kind if is_tech else "", "programme_item_id": one.item_id,
        "is_sample": one.is_sample, "note": "\n".join(filter(None, notes)),
    }  # fmt: skip
    deal_id = write_row(writer, DEALS, values)
    is_even = one.kind is DealKind.FRAMEWORK
    roles = (PartyRole.PARTY, PartyRole.PARTY) if is_even else (PartyRole.SELLER, PartyRole.BUYER)
    add_parties(writer, deal_id, ((one.seller_id, roles[0], ""), (one.buyer_id, roles[1], "")))
    _keep_patents(writer, deal_id, one, numbers)
    return deal_id


def _patents(text: str) -> tuple[list[patents.Number], str]:
    """The numbers a result is said to have, and what of it is no number that can be one."""
    found, unread = [], []
    for part in filter(None, (part.strip() for part in text.replace("；", "、").replace(";", "、").split("、"))):
        try:
            found.append(patents.parse(part))
        except ValueError:
            unread.append(part)
    return found, "、".join(unread)


def _keep_patents(writer: Writer, deal_id: uuid.UUID, one: DealDraft, numbers: Sequence[patents.Number]) -> None:
    empty = {column.name: default(column) for column in DealPatent.__table__.c}
    is_granted = "ZL" in one.patent_no.upper()
    writer.insert(
        DealPatent.__table__,
        [
            {**empty, "id": new_id(), "deal_id": deal_id, "position": place, "kind": number.kind, "title": one.title,
             "application_no": number.text, "patent_no": number.text if is_granted else "", "holder": one.seller}
            for place, number in enumerate(numbers)
        ],
    )  # fmt: skip
