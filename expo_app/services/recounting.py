"""Sums that are kept beside their records, added up from them once more."""

from __future__ import annotations

from expo_app.model import Voucher, VoucherPot
from expo_app.services.record_writer import writing
from expo_app.store import voucher_sums
from expo_app.store.database import Database


def recount_vouchers(db: Database) -> int:
    """What vouchers hold and pots gave; how many were not right and now are."""
    with writing(db, "settings.edit") as writer:
        wrong = voucher_sums.recount(writer.session.connection())
        for model in (Voucher, VoucherPot) if wrong else ():
            writer.note("recount", model.__table__, None, {"count": wrong})
    return wrong
