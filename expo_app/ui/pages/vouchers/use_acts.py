"""What is done with a use or a voucher, by its state and by who works: data, each with what it asks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import ACT, N_, _, meant
from expo_app.model import UseState, VoucherState
from expo_app.routes.vouchers import UseRoute
from expo_app.rules.amounts import format_yuan
from expo_app.services import records, voucher_acts, voucher_uses
from expo_app.services.record_writer import Writer, followed
from expo_app.services.voucher_judge import has_report
from expo_app.specs import VOUCHER_USES, VOUCHERS, Field, FieldType
from expo_app.specs.voucher_shown import Look
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.jobs import Progress, run_job
from expo_app.ui.kit.labels import Label
from expo_app.ui.records.ask_values import ask

if TYPE_CHECKING:
    from expo_app.ui.pages.vouchers.uses import UseList, VoucherList

EDIT, CHECK, SETTLE = "vouchers.edit", "vouchers.check", "vouchers.settle"
OPEN = frozenset({UseState.DRAFT, UseState.RETURNED})
WAITS = frozenset({UseState.SUBMITTED, UseState.FIRST_PASSED})
DONE = frozenset({UseState.VERIFIED, UseState.SETTLED})
OPINION = Field("opinion", N_("意见"), max_length=500)
LISTED = 12
"""So many records are named before an act on all of them; the others are counted."""


@dataclass(frozen=True)
class UseAct:
    """An act on uses in `states`, for whoever holds `permission`. `takes_away`: something is gone or less after it."""

    words: str
    icon: str
    permission: str
    states: frozenset[UseState]
    call: Callable[[UseList, uuid.UUID, Look], object]
    fits: Callable[[Look], bool] = lambda look: True
    takes_away: bool = False


@dataclass(frozen=True)
class VoucherAct:
    """The same of vouchers."""

    words: str
    icon: str
    permission: str
    states: frozenset[VoucherState]
    call: Callable[[VoucherList, uuid.UUID], object]
    takes_away: bool = False


# --- uses -------------------------------------------------------------------------------------------------------------
def go_on(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """The form of a draft, or of what was sent back."""
    page.register(UseRoute(use=use_id))


def verify(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """核验通过 with an opinion; of two levels the first one passes it on."""
    levels = look.policy.review_levels if look.policy is not None else 1
    is_first = levels > 1 and look.state is UseState.SUBMITTED
    split = look.split
    text = _("{no} · 券付 {share} 元。").format(no=look.use_no, share=format_yuan(split.share if split else None))
    text += _("通过后转第二级复核。") if is_first else _("通过后记入核验当天的结算期；那一期出过对账单的，进下一期。")

    def then(values: Mapping[str, Any]) -> None:
        act = partial(voucher_uses.verify, *_of(page), use_id, values["opinion"] or "", split.share if split else None)
        page.do(_("初核通过，等复核") if is_first else _("已核验"), act, CHECK)

    ask(page, _("核验通过"), text, [(OPINION, "", False)], meant(ACT, "通过"), then)


def send_back(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """退回: with what is to be put right."""

    def then(values: Mapping[str, Any]) -> None:
        act = partial(voucher_uses.send_back, *_of(page), use_id, values["opinion"] or "")
        page.do(_("已退回"), act, CHECK)

    text = _("{no} 回到填写的人手里，改了再提交；券里占着的额度给它留着，撤销才退回。").format(no=look.use_no)
    ask(page, _("退回用券"), text, [(replace(OPINION, label=_("要改什么")), "", True)], _("退回补正"), then)


def report(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """报告登记: number or day of the service's report, and the invoice where the policy counts by it."""
    fields = [
        (replace(VOUCHER_USES.field(name), group=""), getattr(look.draft, name), False)
        for name in ("report_no", "report_on", "invoice_amount")
    ]

    def then(values: Mapping[str, Any]) -> None:
        if not values["report_no"] and values["report_on"] is None:
            raise InvalidRecord({"report_no": _("写报告编号或报告日期。")})
        draft = replace(look.draft, **{**values, "report_no": values["report_no"] or ""})
        page.do(_("已登记报告"), partial(voucher_uses.add_papers, *_of(page), draft), EDIT)

    text = _("{no} 的服务报告；有了报告才能核验。").format(no=look.use_no)
    ask(page, _("报告登记"), text, fields, meant(ACT, "登记"), then)


def cancel(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """撤销: the voucher gets back what it held."""

    def then(reason: str) -> None:
        page.try_to(_("用券已取消"), partial(voucher_uses.cancel_use, *_of(page), use_id, reason), CHECK)

    text = _("撤销后不再算数，券里占着的额度退回；记录留着。")
    if look.corrects is not None:
        text = _("撤销后 {no} 的券付变回这条更正以前的；记录留着。").format(no=look.corrects[1])
    ask_reason(page, _("撤销 {no}").format(no=look.use_no), text, _("撤销用券"), then)


def correct(page: UseList, use_id: uuid.UUID, look: Look) -> None:
    """更正: what the voucher should have paid; the difference is an entry of its own, of today."""
    was = look.split.share if look.split is not None else Decimal(0)
    share = Field("share", N_("正确的券付"), type=FieldType.YUAN, unit=N_("元"))
    why = Field("reason", N_("原因"), max_length=300)

    def then(values: Mapping[str, Any]) -> None:
        act = partial(voucher_uses.correct, *_of(page), use_id, values["share"], values["reason"])
        page.do(_("已更正"), act, SETTLE)

    text = _(
        "{no} 的券付连同更正是 {share} 元，可以改成 0 到原来的 {most} 元。原记录不动，差额另记一条，"
        "算在今天所在的结算期。"
    )
    text = text.format(no=look.use_no, share=format_yuan(was), most=format_yuan(look.entered))
    ask(page, _("更正用券"), text, [(share, None, True), (why, "", True)], _("更正用券"), then)


USE_ACTS: tuple[UseAct, ...] = (
    UseAct(N_("接着填"), "edit-line", EDIT, OPEN, go_on),
    UseAct(N_("核验通过"), "check-line", CHECK, WAITS, verify, lambda look: has_report(look.draft)),
    UseAct(N_("报告登记"), "file-text-line", EDIT, frozenset({UseState.SUBMITTED}), report),
    UseAct(N_("退回补正"), "arrow-go-back-line", CHECK, WAITS, send_back, takes_away=True),
    UseAct(N_("更正用券"), "exchange-line", SETTLE, DONE, correct, lambda look: look.corrects is None, takes_away=True),
    UseAct(N_("撤销用券"), "close-circle-line", CHECK, OPEN | WAITS | {UseState.VERIFIED}, cancel, takes_away=True),
)
"""In the order of the panel: the first one is its primary button, unless it takes something away."""


def acts_for(context: Context, look: Look) -> list[UseAct]:
    """What may be done with a use now by who works."""
    return [
        one for one in USE_ACTS if look.state in one.states and one.fits(look) and context.may_write(one.permission)
    ]


# --- vouchers ---------------------------------------------------------------------------------------------------------
def approve(page: VoucherList, voucher_id: uuid.UUID) -> None:
    """批准 of the amount that is shown: the budget is reserved from here on."""
    try:
        seen = records.get(page.context.db, VOUCHERS, voucher_id)
    except UserError as error:
        messages.show(page, error)
        return
    text = _("{no} · {amount} 元。批准后从年度预算和企业额度里留出，到期、撤销时退回没用的部分。")
    text = text.format(no=seen["voucher_no"], amount=page.words(VOUCHERS.field("amount"), seen["amount"]))
    act = partial(voucher_acts.approve, *_of(page), voucher_id, seen=seen["amount"])
    _with_opinion(page, _("批准申领"), text, _("批准"), False, act, _("已批准"))


def refuse(page: VoucherList, voucher_id: uuid.UUID) -> None:
    """不予批准, with why."""
    _with_opinion(page, _("不予批准"), _("写明为什么，申领的企业会看到。"), _("不予批准"), True,
                  partial(voucher_acts.refuse, *_of(page), voucher_id), _("已记为不予批准"))  # fmt: skip


def cancel_voucher(page: VoucherList, voucher_id: uuid.UUID) -> None:
    """撤销: what was not used goes back to the budget."""
    _with_opinion(page, _("撤销券"), _("没用的部分退回预算，用过的照算；券以后不能再用。"), _("撤销券"), True,
                  partial(voucher_acts.cancel, *_of(page), voucher_id), _("券已取消"))  # fmt: skip


def _with_opinion(
    page: VoucherList, title: str, text: str, verb: str, needed: bool, act: Callable[[str], object], said: str
) -> None:
    def then(values: Mapping[str, Any]) -> None:
        page.do(said, partial(act, values["opinion"] or ""), CHECK)

    ask(page, title, text, [(OPINION, "", needed)], verb, then)


def release(page: VoucherList, names: Sequence[str], kept: int) -> None:
    """释放过期的券, after the list of them; `kept`: so many more stay for uses that were begun."""
    box = Dialog(page, _("释放过期的券"), theme.Width.DIALOG)
    text = _("下面 {n} 张券过了有效期，释放后没用的部分退回预算；用过的照算。").format(n=len(names))
    box.body.addWidget(Label(text, "secondary", wrap=True))
    for name in names[:LISTED]:
        box.body.addWidget(Label(name, wrap=True))
    if len(names) > LISTED:
        box.body.addWidget(Label(_("另有 {n} 张").format(n=len(names) - LISTED), "fact"))
    if kept:
        words = _("还有 {n} 张过期的券有没提交的用券，这次不释放。").format(n=kept)
        box.body.addWidget(Label(words, "secondary", wrap=True))

    def work(_progress: Progress) -> tuple[int, list[Writer]]:
        with followed() as writers:
            return len(voucher_acts.release_expired(*_of(page))), writers

    def done(result: tuple[int, list[Writer]]) -> None:
        page.remember_work(_("已释放 {n} 张").format(n=result[0]), CHECK, result[1])

    def press() -> None:
        box.close_with(True)
        run_job(page, _("释放过期的券"), work, done)

    box.add_action(Button(_("取消"), clicked=box.cancel))
    if names:
        box.add_action(Button(_("释放"), "primary", "check-line", clicked=press), safe=True)
    box.open()


APPLIED, APPROVED = frozenset({VoucherState.APPLIED}), frozenset({VoucherState.APPROVED})
VOUCHER_ACTS: tuple[VoucherAct, ...] = (
    VoucherAct(N_("批准"), "check-line", CHECK, APPLIED, approve),
    VoucherAct(N_("不予批准"), "close-line", CHECK, APPLIED, refuse, takes_away=True),
    VoucherAct(N_("撤销券"), "close-circle-line", CHECK, APPLIED | APPROVED, cancel_voucher, takes_away=True),
)


def acts_on_voucher(context: Context, values: Mapping[str, Any]) -> list[VoucherAct]:
    """What may be done with a voucher now by who works."""
    return [one for one in VOUCHER_ACTS if values["state"] in one.states and context.may_write(one.permission)]


def _of(page: UseList | VoucherList) -> tuple[Any, Any]:
    """What every act begins with."""
    return page.context.db, page.context.expo_id
