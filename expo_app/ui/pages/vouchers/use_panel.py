"""What the panels of a use and of a voucher show above their facts: split, what is open, chain, steps, balance."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.errors import UserError
from expo_app.i18n import BRIEF, _, meant
from expo_app.model import UseState
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import SettlementRoute
from expo_app.rules.amounts import format_yuan
from expo_app.services import voucher_uses
from expo_app.services.voucher_judge import has_report
from expo_app.specs import VOUCHER_USES
from expo_app.specs.voucher_shown import Look, Mark, StepShown, UseDraft
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, SectionTitle
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.vouchers import use_acts, use_words
from expo_app.ui.pages.vouchers.split_bar import SplitBar
from expo_app.ui.pages.vouchers.use_parts import CheckLines, LimitBar, LimitView
from expo_app.ui.parts.chain import ChainStrip

if TYPE_CHECKING:
    from expo_app.ui.pages.vouchers.uses import UseList, VoucherList

WAITS = (UseState.SUBMITTED, UseState.FIRST_PASSED)


def sample_pill(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """示例 beside what a record is called."""
    return [(_("示例"), "warn")] if values["is_sample"] else []


def use_notices(page: UseList, use_id: uuid.UUID, look: Look) -> list[QWidget]:
    """All of a use, from top to bottom."""
    found: list[QWidget] = []
    if look.corrects is not None and look.entered is not None:
        found.append(_correction(page, look.corrects, look.entered))
    if look.reason and look.state in (UseState.RETURNED, UseState.CANCELLED):
        found.append(Banner("warn", look.reason, small=True))
    if look.state in WAITS and not has_report(look.draft):
        found.append(Banner("warn", _("还没有检测报告，核验前要有。"), small=True))
    if look.split is not None:
        bar = SplitBar(32)
        bar.set_parts(*use_words.split_parts(look.split, look, is_brief=True))
        found.append(bar)
    if look.policy is not None:
        title = _("{title} 第 {n} 版").format(title=look.policy.title, n=look.policy.version_no)
        found.append(
            Label(f"{title} · {use_words.percent(look.policy.rate)} · {look.policy.way.label}", "fact", wrap=True)
        )
    if look.statement is not None:
        key, number = look.statement
        words = _("在对账单 {no} 里").format(no=number)
        go = partial(page.context.navigate, SettlementRoute(statement=key))
        found.append(Button(words, "link", "scales-3-line", clicked=go))
    doubts = [one for one in (*look.related, *look.checks) if one.mark is not Mark.OK]
    if doubts and look.state in WAITS:
        lines = CheckLines()
        lines.set(doubts)
        found += [SectionTitle(_("核验时要看")), lines]
    found += _more_acts(page, use_id, look)
    found.append(ChainStrip(page.context, VOUCHER_USES.name, use_id))
    return [*found, *steps(look.steps)]


def _correction(page: UseList, corrects: tuple[uuid.UUID, str], change: Decimal) -> QWidget:
    """Of a correction what it changes, and the way to the use that it corrects."""
    key, number = corrects
    words = _("更正 {no} 的券付：{change} 元").format(no=number, change=f"{change:+,.2f}")
    way = Button(number, "link", clicked=lambda: page.context.navigate(ListRoute(VOUCHER_USES, record=key)))
    return Banner("info", words, [way], small=True)


def _more_acts(page: UseList, use_id: uuid.UUID, look: Look) -> list[QWidget]:
    """Acts that find no room at the foot."""
    more = use_acts.acts_for(page.context, look)[page.on_panel :]
    if not more:
        return []
    box = QWidget()
    flow = FlowLayout(box, theme.Space.XS)
    for one in more:
        button = Button(_(one.words), "link", one.icon, clicked=partial(page.act, one, use_id))
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        flow.addWidget(button)
    return [box]


def voucher_notices(page: VoucherList, voucher_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
    """Of a voucher its balance, and its steps."""
    amount, used, left = (values.get(name) for name in ("amount", "used", "left"))
    found: list[QWidget] = []
    if used is not None and left is not None:
        words = _("已用 {used}，余 {left}").format(used=format_yuan(used), left=format_yuan(left))
        found.append(LimitView(LimitBar(_("券余额"), amount, used, used, words)))
    try:
        taken = voucher_uses.look(page.context.db, page.context.expo_id, UseDraft(voucher_id=voucher_id)).steps
    except UserError as error:
        return [*found, Banner("bad", str(error), small=True)]
    return [*found, *steps(taken, names_voucher=False)]


def steps(taken: Sequence[StepShown], names_voucher: bool = True) -> list[QWidget]:
    """经过: what, when, by whom, with which opinion, the last one above. `names_voucher`: which are the voucher's."""
    if not taken:
        return []
    return [
        SectionTitle(_("经过")),
        *(
            ItemRow(
                _step_words(one, names_voucher),
                " · ".join(filter(None, (one.on_date.isoformat(), one.operator, one.opinion))),
                "time-line",
                below=True,
            )
            for one in reversed(taken)
        ),
    ]


def _step_words(step: StepShown, names_voucher: bool) -> str:
    """What a step came to, with whose it is where that is not the use's own."""
    whose = _("更正 {no}").format(no=step.correction) if step.correction else ""
    whose = meant(BRIEF, "券") if step.of_voucher and names_voucher else whose
    return " · ".join(filter(None, (whose, step.state.label)))
