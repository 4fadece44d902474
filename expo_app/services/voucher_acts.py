"""申领 and what becomes of a voucher: approved, refused, cancelled, expired. Each act is one transaction.

Who acts on one holds the company's row, the voucher's, then those of its pots, so that of two desks the second sees
what the first did; `release_expired` holds vouchers and pots.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import Organisation, UseState, Voucher, VoucherState, VoucherUse
from expo_app.services.record_writer import Writer, in_parts, write_row, write_rows, writing
from expo_app.services.voucher_grounds import is_sample_expo, refuse_other_kind
from expo_app.services.voucher_lists import CHECK, today_in
from expo_app.specs import VOUCHERS
from expo_app.specs.voucher_shown import Application
from expo_app.store.database import Database

EDIT = "vouchers.edit"
MOST_OPINION = 500
_voucher, _use = Voucher.__table__, VoucherUse.__table__


def apply(db: Database, expo_id: uuid.UUID | None, application: Application) -> uuid.UUID:
    """申领 of a company, under the policy valid on that day; its key. Nothing is reserved before it is approved.

    InvalidRecord where no policy is valid that day, or not for such an applicant.
    """
    with writing(db, EDIT, expo_id) as writer:
        said = {
            "organisation_id": application.organisation_id, "applicant": application.applicant.strip(),
            "applied_on": application.applied_on or writer.today, "amount": application.amount,
            "purpose": application.purpose, "note": application.note,
        }  # fmt: skip
        return write_row(writer, VOUCHERS, said)


def approve(
    db: Database, expo_id: uuid.UUID | None, voucher_id: uuid.UUID, opinion: str = "", seen: Decimal | None = None
) -> None:
    """批准: its amount is held of the company's year and of the budget, from today on.

    `seen`: the amount that was shown. UserError with what is left where either has less; Conflict where it is no
    application any more, or of another amount by now.
    """
    with _at(db, expo_id, voucher_id, VoucherState.APPLIED) as writer:
        row = writer.rows(_voucher, [voucher_id])[voucher_id]
        if seen is not None and row["amount"] != seen:
            words = _("券 {no} 的金额刚刚改为 {amount} 元，没有批准，数据未变。看过新的金额再批准。")
            raise Conflict(words.format(no=row["voucher_no"], amount=f"{row['amount']:,.2f}"), "E-VOUCHER-CHANGED")
        _become(writer, voucher_id, VoucherState.APPROVED, opinion, approved_on=writer.today)


def refuse(db: Database, expo_id: uuid.UUID | None, voucher_id: uuid.UUID, opinion: str) -> None:
    """不予批准, which needs words."""
    with _at(db, expo_id, voucher_id, VoucherState.APPLIED) as writer:
        _become(writer, voucher_id, VoucherState.REFUSED, _words(opinion, _("不予批准要写明理由，数据未变。")))


def cancel(db: Database, expo_id: uuid.UUID | None, voucher_id: uuid.UUID, opinion: str) -> None:
    """撤销, which needs words: what no use takes goes back to the pots; uses that were submitted stay paid."""
    with _at(db, expo_id, voucher_id, VoucherState.APPLIED, VoucherState.APPROVED) as writer:
        _become(writer, voucher_id, VoucherState.CANCELLED, _words(opinion, _("撤销要写明原因，数据未变。")))


def release_expired(db: Database, expo_id: uuid.UUID | None) -> list[uuid.UUID]:
    """What vouchers past their last day hold and no use takes goes back to the pots; their keys.

    One stays while a draft, or a use that was sent back, has a contract of its time.
    """
    with writing(db, CHECK, expo_id) as writer:
        keys = _over(writer.session, writer.today, writer.in_sample)
        there = writer.locked(_voucher, keys)
        left = [key for key in keys if there[key]["state"] is VoucherState.APPROVED]
        for part in in_parts(left):
            values = {"state": VoucherState.EXPIRED, "opinion": _("到期未用部分退回额度")}
            write_rows(writer, VOUCHERS, [(key, values, 0) for key in part])
        return left


def releasable(db: Database, expo_id: uuid.UUID | None) -> list[uuid.UUID]:
    """What `release_expired` would release now."""
    with db.reading() as session:
        return _over(session, today_in(session, expo_id), is_sample_expo(session, expo_id))


def _over(session: Session, today: date, in_sample: bool) -> list[uuid.UUID]:
    over = select(_voucher.c.id).where(
        _voucher.c.state == VoucherState.APPROVED, _voucher.c.expires_on < today, _voucher.c.is_sample.is_(in_sample)
    )
    begun = select(_use.c.id).where(
        _use.c.state.in_((UseState.DRAFT, UseState.RETURNED)), _use.c.voucher_id == _voucher.c.id,
        _use.c.contract_on <= _voucher.c.expires_on,
    )  # fmt: skip
    return list(session.scalars(over.where(~begun.exists()).order_by(_voucher.c.id)))


def _become(writer: Writer, voucher_id: uuid.UUID, state: VoucherState, opinion: str, **values: Any) -> None:
    try:
        write_row(writer, VOUCHERS, {"state": state, "opinion": opinion[:MOST_OPINION], **values}, voucher_id)
    except InvalidRecord as refused:
        raise UserError(refused.message, "E-VOUCHER-POT") from refused


def _words(opinion: str, wanted: str) -> str:
    if not opinion.strip():
        raise UserError(wanted, "E-REASON")
    return opinion.strip()


@contextmanager
def _at(
    db: Database, expo_id: uuid.UUID | None, voucher_id: uuid.UUID, *states: VoucherState
) -> Iterator[Writer]:  # fmt: skip
    """One write about a voucher in one of these states, its row held."""
    with writing(db, CHECK, expo_id) as writer:
        company = writer.session.scalar(select(_voucher.c.organisation_id).where(_voucher.c.id == voucher_id))
        if company is not None:
            writer.hold(Organisation.__table__, company)  # as a merge does, which then goes on to vouchers and pots
        row: Mapping[str, Any] | None = writer.locked(_voucher, [voucher_id]).get(voucher_id)
        if row is None:
            raise Conflict(_("这张券已被删除，数据未变。请刷新。"), "E-GONE")
        refuse_other_kind(writer, row, row["voucher_no"])
        if row["state"] not in states:
            words = _("券 {no} 的状态是“{state}”，不能这样做，数据未变。请刷新。")
            raise Conflict(words.format(no=row["voucher_no"], state=row["state"].label), "E-CONFLICT")
        yield writer
