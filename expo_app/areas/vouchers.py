"""双创券: instruments beside providers and services, and what each region says of its vouchers."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from expo_app.areas.registration import TRADE, Alert, Area, Count, Found, ListEntry, Offer, PageDef
from expo_app.i18n import N_, _
from expo_app.model import PaidWay, UseState, VoucherState
from expo_app.routes import ListRoute
from expo_app.services import (
    matching_rules,
    sharing_merge,
    voucher_contracts,
    voucher_grounds,
    voucher_lists,
    voucher_pots,
    voucher_use_lists,
    vouchers_rules,
)
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import (
    INSTRUMENTS,
    LISTED_PROVIDERS,
    ORGANISATIONS,
    POLICIES,
    RELATED_BODIES,
    TENANTS,
    VOUCHER_USES,
    VOUCHERS,
)
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

PAGE = "vouchers"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.vouchers import VouchersPage

    return VouchersPage(context)


def _waiting(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import voucher_uses

    return voucher_uses.waiting(db, expo_id), "warn"


def _uses_to_check(session: Session, scope: Scope) -> Figure:
    from expo_app.services.statistics import vouchers_due

    return vouchers_due.uses_to_check(session, scope)


def _vouchers_to_approve(session: Session, scope: Scope) -> Figure:
    from expo_app.services.statistics import vouchers_due

    return vouchers_due.vouchers_to_approve(session, scope)


def _recount(db: Database) -> str:
    from expo_app.services import recounting

    mended = recounting.recount_vouchers(db)
    return _("券的余额和额度重新算过，改正 {n} 处").format(n=mended) if mended else ""


OF_PROVIDERS = Rules(before=(matching_rules.link_providers,), reviews=(matching_rules.providers_are_there,))
AREA = Area(
    "vouchers",
    lists=(
        ListEntry(
            INSTRUMENTS,
            OF_PROVIDERS,
            page=PAGE,
            command_at=180,
            command=N_("instruments 仪器"),
            look=ListLook(N_("仪器"), N_("共 {n} 台（套）"), N_("仪器、型号、机构、拼音首字母")),
            found=Found(63, ("title", "provider"), ("model_no", "instrument_no")),
            new=Offer(80, N_("新增仪器")),
            imported=Offer(80, N_("导入仪器")),
        ),
        ListEntry(
            POLICIES,
            Rules(
                before=(vouchers_rules.used_stays, vouchers_rules.no_overlap),
                after=(vouchers_rules.with_classes,),
                reviews=(vouchers_rules.policies_apart,),
                holds=(vouchers_rules.held,),
                agree=(vouchers_rules.versions_apart,),
                stands=(vouchers_rules.versions_apart,),
            ),
            page=PAGE,
            command_at=181,
            command=N_("policies 用券办法"),
            look=ListLook(N_("用券办法"), N_("共 {n} 版"), N_("地区、办法名称、出处")),
            found=Found(64, ("title", "region_code"), few=True),
            new=Offer(81, N_("新增用券办法")),
            imported=Offer(81, N_("导入用券办法")),
        ),
        ListEntry(
            LISTED_PROVIDERS,
            Rules(
                before=OF_PROVIDERS.before,
                reviews=OF_PROVIDERS.reviews,
                folding=Folding(before=(partial(sharing_merge.later_end, "valid_until"),)),
            ),
            page=PAGE,
            command_at=182,
            command=N_("listed-providers 机构名录"),
            look=ListLook(N_("机构名录"), N_("共 {n} 条"), N_("机构、出处")),
            imported=Offer(82, N_("导入机构名录")),
        ),
        ListEntry(
            RELATED_BODIES,
            page=PAGE,
            command_at=183,
            command=N_("related-bodies 关联关系"),
            look=ListLook(N_("关联关系"), N_("共 {n} 条"), N_("单位、拼音首字母")),
            imported=Offer(83, N_("导入关联关系")),
        ),
        ListEntry(
            VOUCHERS,
            Rules(
                before=(voucher_lists.fill_in_vouchers,),
                after=(partial(voucher_lists.keep_steps, "voucher_id"),),
                gone=(voucher_lists.kept_vouchers,),
                reviews=(voucher_lists.vouchers_can_be,),
                stands=(voucher_grounds.policies_stand,),
                holds=(voucher_lists.held,),
                undone_by=partial(voucher_lists.undone_by, (VoucherState.APPLIED,)),
                agree=(voucher_pots.sums_agree,),
            ),
            page=PAGE,
            command_at=185,
            command=N_("vouchers 券"),
            look=ListLook(N_("券"), N_("共 {n} 张"), N_("券号、企业、用途、拼音首字母")),
            found=Found(65, ("voucher_no", "organisation_id"), ("amount", "state")),
            new=Offer(85, N_("申领券")),
            imported=Offer(85, N_("导入券")),
        ),
        ListEntry(
            VOUCHER_USES,
            Rules(
                before=(matching_rules.link_providers, voucher_use_lists.fill_in_uses),
                after=(partial(voucher_lists.keep_steps, "use_id"),),
                gone=(voucher_lists.kept_uses,),
                reviews=(matching_rules.providers_are_there, voucher_use_lists.uses_can_be),
                undone_by=partial(voucher_lists.undone_by, (UseState.DRAFT, UseState.SUBMITTED, UseState.RETURNED)),
                agree=(voucher_contracts.contracts_agree,),
                stands=(voucher_grounds.policies_stand, voucher_contracts.contracts_agree),
            ),
            page=PAGE,
            command_at=186,
            command=N_("voucher-uses 用券"),
            look=ListLook(N_("用券"), N_("共 {n} 条"), N_("编号、企业、机构、合同编号")),
            found=Found(66, ("use_no", "organisation_id"), ("provider", "share")),
            new=Offer(86, N_("登记用券")),
            imported=Offer(86, N_("导入用券")),
        ),
    ),
    adds=(
        (
            ORGANISATIONS,
            Rules(
                folding=Folding(
                    before=(
                        sharing_merge.not_related_to_itself,
                        sharing_merge.not_its_own_customer,
                        sharing_merge.pots_meet,
                        sharing_merge.signatures_meet,
                        sharing_merge.stays_meet,
                    )
                )
            ),
        ),
        (TENANTS, Rules(folding=Folding(before=(sharing_merge.tenants_meet,)))),
    ),
    recount=_recount,
    alerts=(
        Alert(
            "uses_to_check",
            _uses_to_check,
            ("voucher_use",),
            voucher_lists.CHECK,
            "coupon-3-fill",
            "warn",
            N_("核验"),
            lambda trace: ListRoute(VOUCHER_USES, trace=trace),
        ),
        Alert(
            "vouchers_to_approve",
            _vouchers_to_approve,
            ("voucher",),
            voucher_lists.CHECK,
            "coupon-3-line",
            "warn",
            N_("批准"),
            lambda trace: ListRoute(VOUCHERS, trace=trace),
        ),
    ),
    pages=(PageDef(PAGE, N_("双创券"), "coupon-3", _page, TRADE, _waiting),),
    pills={
        PaidWay.PAID: "info",
        PaidWay.REFUNDED: "plum",
        VoucherState.APPLIED: "info",
        VoucherState.APPROVED: "ok",
        VoucherState.REFUSED: "bad",
        UseState.SUBMITTED: "info",
        UseState.FIRST_PASSED: "info",
        UseState.VERIFIED: "ok",
        UseState.RETURNED: "warn",
        UseState.SETTLED: "plum",
    },
)
