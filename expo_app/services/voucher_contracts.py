"""One contract is paid in parts by several uses, of one voucher or more: together no more than the cap per use."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import PolicyClass, Voucher, VoucherPolicy, VoucherUse
from expo_app.rules.amounts import format_yuan
from expo_app.rules.voucher_split import NOTHING
from expo_app.services.record_writer import in_parts
from expo_app.services.voucher_grounds import ContractKey, alone, contract_key
from expo_app.store.voucher_sums import COUNTED, larger

_use, _voucher, _policy, _class = (model.__table__ for model in (VoucherUse, Voucher, VoucherPolicy, PolicyClass))


def contracts_agree(session: Session, table: Table, written: Collection[uuid.UUID]) -> None:
    """Conflict where the uses that count of a contract come to more than the highest cap of theirs, corrections
    counted; of uses that an act, an undo or an import wrote, or whose vouchers it did: a correction may be gone.
    """
    touched = _touched(session, table, written) if table in (_use, _voucher) else set()
    if not touched:
        return
    alone(session, _use.name)  # of two imports that take of two vouchers each would miss the other
    whole = _use.alias("corrected")
    cap = func.coalesce(_class.c.cap_per_use, _policy.c.cap_per_use)
    columns = (whole.c.organisation_id, whole.c.provider_id, whole.c.contract_no, whole.c.is_sample, cap)
    of_class = (_class.c.policy_id == whole.c.policy_id) & (_class.c.applicant == _voucher.c.applicant)
    query = (
        select(func.sum(_use.c.share), *columns)
        .join(whole, whole.c.id == func.coalesce(_use.c.corrects_id, _use.c.id))
        .join(_voucher, _voucher.c.id == whole.c.voucher_id)
        .join(_policy, _policy.c.id == whole.c.policy_id)
        .outerjoin(_class, of_class)
        .where(_use.c.state.in_(COUNTED), whole.c.contract_no != "")
        .group_by(*columns)
    )
    paid: dict[tuple[ContractKey, bool], Decimal] = defaultdict(lambda: NOTHING)
    most: dict[tuple[ContractKey, bool], Decimal | None] = {}
    for part in in_parts({company for company, _provider, _number in touched}):
        for share, company, provider, number, is_sample, top in session.execute(
            query.where(whole.c.organisation_id.in_(part))
        ):
            one = contract_key(company, provider, number), is_sample
            paid[one] += share
            most[one] = larger(most.get(one, top), top)
    for of_kind, share in paid.items():
        key, top = of_kind[0], most[of_kind]
        if key in touched and top is not None and share > top:
            words = _(
                "这样合同 {no} 的各次用券共 {paid} 元，超过单次上限 {most} 元，没有动它，数据未变。先撤销多出的用券。"
            )
            told = words.format(no=key[2], paid=format_yuan(share), most=format_yuan(top))
            raise Conflict(told, "E-VOUCHER-CONTRACT")


def _touched(session: Session, table: Table, written: Collection[uuid.UUID]) -> set[ContractKey]:
    """The contracts of these uses, or of the uses of these vouchers, that count."""
    whole = _use.alias("corrected")
    of = _use.c.id if table is _use else _use.c.voucher_id
    query = select(whole.c.organisation_id, whole.c.provider_id, whole.c.contract_no).join(
        whole, whole.c.id == func.coalesce(_use.c.corrects_id, _use.c.id)
    )
    query = query.where(_use.c.state.in_(COUNTED), whole.c.contract_no != "")
    found: set[ContractKey] = set()
    for part in in_parts(written):
        found.update(contract_key(*row) for row in session.execute(query.where(of.in_(part))))
    return found
