"""Beside the signing form: the deal this one may repeat, field by field; what is looked at before it is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.model import DealStage
from expo_app.rules.deals_duplicates import Suspicion
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.specs.deals import in_yuan, rate_doubt
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import IconView, Label, breakable
from expo_app.ui.kit.panels import Card, row

COMPARED = 72  # px, the column of words in the comparison
HUGE = Decimal(1_000_000_000)
"""Yuan from which an amount is probably in the wrong unit: no single signing of such a fair is that large."""
Check = tuple[bool | None, str]
"""Whether it is as it should be, None where that may wait, and how it stands in words."""


def checks(
    values: Mapping[str, Any], suspects: int, is_settled: bool, has_tech: bool, wrong_day: str = ""
) -> list[Check]:
    """What is looked at before a deal is handed in: whether it is as it should be, and how it stands in words.

    `suspects`: how many deals this one may repeat; `is_settled`: it was asked whether it does.
    `wrong_day`: what the field says of the day of signing.
    """
    sides = (values.get("sellers"), values.get("buyers"))
    parties = bool(values.get("others") or all(sides))
    found: list[Check] = [
        (parties, _("签约各方已填") if parties else _("签约各方未填全") if any(sides) else _("签约各方未填"))
    ]
    amount, tech = in_yuan(values).get("amount", values.get("amount")), values.get("tech_amount")
    if amount is not None and amount >= HUGE:
        words = _("成交额 {n} 亿元，核对单位").format(n=f"{amount.scaleb(-8):,.2f}")
        found.append((False, words))
    if values.get("foreign_amount") is not None and values.get("rate") is None:
        found.append((None, _("外币没有汇率，只计项数不计金额")))
    if doubt := rate_doubt(values.get("rate")):
        found.append((False, doubt))
    if has_tech and tech is None:
        found.append((None, _("没有填技术交易额，不用核对")))
    elif has_tech and amount is None:
        found.append((False, _("技术交易额已填，成交额未填")))
    elif has_tech and tech is not None and amount is not None:
        fits = tech <= amount
        found.append((fits, _("技术交易额不超过成交额") if fits else _("技术交易额超过成交额")))
    if wrong_day:
        found.append((False, wrong_day))
    elif values.get("signed_on"):
        found.append((True, _("签订日期已填")))
    elif values.get("stage") is DealStage.INTENT:
        found.append((True, _("意向不用填签订日期")))
    else:
        found.append((False, _("签订日期未填")))
    if suspects and not is_settled:
        found.append((False, _("有 {n} 处重复待确认").format(n=suspects)))
    else:
        found.append((True, _("重复已核实") if suspects else _("没有待确认的重复")))
    return found


def comparison(suspicion: Suspicion, confirm: QWidget | None = None, go: Callable[[], object] | None = None) -> Card:
    """This deal beside the one it may repeat, field by field; what both say alike stands once, across both."""
    other = suspicion.other
    card = Card(_("可能与 {no} 重复").format(no=short_deal_no(other.deal_no)), f"{suspicion.percent}%")
    card.ground, card.edge = "warn.soft", "warn"
    card.body.addWidget(Label(suspicion.text, "caption", "warn", wrap=True))
    for label, mine, theirs, same in (
        ("", _("本次"), short_deal_no(other.deal_no), None),
        *((f.label, f.mine, f.theirs, f.is_same) for f in suspicion.fields),
    ):
        line = row(spacing=theme.Space.S)
        caption = Label(label, "caption", wrap=True)
        caption.setFixedWidth(COMPARED)
        line.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        for text in (mine,) if same and mine == theirs else (mine, theirs):
            words = Label(breakable(text), "caption.bold" if same is None else "caption", wrap=True)
            line.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        icon = {True: "check-line", False: "close-line", None: "subtract-line"}[same]
        line.addWidget(IconView(icon, "warn" if same else "text.3"), 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
    if go is not None:
        opening = _("打开 {no}").format(no=short_deal_no(other.deal_no))
        card.body.addWidget(Button(opening, icon="external-link-line", clicked=go))
    if confirm is not None:
        card.body.addWidget(confirm)
        confirm.show()
    return card
