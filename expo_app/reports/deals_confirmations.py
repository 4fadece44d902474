"""A page per deal for its parties to confirm: what was agreed, the amount in figures and capitals, room to sign.

write(path, services.deals_ceremony.read_confirmations(db, expo_id, now[, deal_id]), progress)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.damaged import is_damaged
from expo_app.i18n import _, language
from expo_app.model import PartyRole
from expo_app.reports import fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.deals_stage import person
from expo_app.reports.pdf import Document
from expo_app.reports.style import marked, open_document
from expo_app.rules import amounts, currencies
from expo_app.rules.deals_ceremony import Signatory
from expo_app.specs import DEALS
from expo_app.specs.deals_stage import Confirmation, ConfirmationData

SEAL = 100.0
"""Points of height for a signature and a seal."""
ASKED = (PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY)


def write(path: Path, data: ConfirmationData, progress: Progress | None = None) -> set[str]:
    """Write the pages; the characters the font lacks come back. UserError where the place cannot be written."""
    is_intent = any(deal.is_intent for deal in data.deals)  # one that was asked for by itself
    title = _("意向确认单") if is_intent else _("签约确认单")
    with open_document(path, title, data.head, progress, len(data.deals)) as doc:
        if not data.deals:
            doc.paragraph(_("没有有效的签约项目。"))
        for number, deal in enumerate(data.deals):
            if number:
                doc.new_sheet()
            _page(doc, deal)
            doc.advance()
        return doc.missing


def _page(doc: Document, deal: Confirmation) -> None:
    values = deal.values
    doc.heading(marked(values["title"], bool(values["is_sample"])))
    doc.facts(_facts(deal), label_width=110)
    if deal.is_intent:
        doc.paragraph(_("各方确认：以上内容是洽谈的意向，不是合同；展会另列登记，不计入签约。"))
    elif values["is_prior"]:
        doc.paragraph(
            _(
                "签约各方确认：以上内容与签署的文本一致。此前已签，展会可据此登记、列名发布，不计入首次签约于本届的项数。"
            )
        )
    else:
        doc.paragraph(_("签约各方确认：以上内容与签署的文本一致，展会可据此登记、统计和发布。"))
    _hands(doc, [one for one in deal.signatories if one.role in ASKED])


def _facts(deal: Confirmation) -> Iterator[tuple[str, str | None]]:
    """What is confirmed, line by line."""
    values = deal.values
    shown = {name: DEALS.field(name).display(value) for name, value in values.items()}
    yield DEALS.field("deal_no").title, values["deal_no"]
    yield DEALS.field("contract_no").title, values["contract_no"]
    kinds = (shown["kind"], shown["contract_kind"] if values["contract_kind"] else "")
    yield DEALS.field("kind").title, " · ".join(filter(None, kinds))
    for role in (*ASKED, PartyRole.WITNESS):
        own = [one for one in deal.signatories if one.role is role]
        for number, one in enumerate(own):
            yield role.label if not number else "", one.organisation
            if one.signer:
                yield "", _("签约人 {who}").format(who=person(one))
    amount = values["amount"]
    title = _("意向金额") if deal.is_intent else DEALS.field("amount").title
    if is_damaged(amount):
        yield title, shown["amount"]
    elif amount is not None:
        yield title, _exact(amount)
        yield _("大写"), _written(amount)
    elif values["foreign_amount"] is None:
        yield title, _("无金额")
    if is_damaged(values["foreign_amount"]):
        yield DEALS.field("foreign_amount").title, shown["foreign_amount"]
    elif values["foreign_amount"] is not None:
        yield DEALS.field("foreign_amount").title, _exact(values["foreign_amount"], values["currency"])
        yield DEALS.field("rate").title, rate_words(values) or _("未折算")
    tech = values["tech_amount"]
    if tech is not None:
        yield DEALS.field("tech_amount").title, shown["tech_amount"] if is_damaged(tech) else _exact(tech)
    if not deal.is_intent:
        yield DEALS.field("signed_on").title, shown["signed_on"]
    if values["is_prior"]:
        yield DEALS.field("is_prior").title, values["prior_note"] or _("是")
    if values["valid_from"] or values["valid_until"]:
        yield _("合同期限"), _("{start} 至 {end}").format(start=shown["valid_from"], end=shown["valid_until"])


def _exact(amount: Decimal, currency: str = currencies.HOME) -> str:
    """An amount as it is signed for, to the fen: 1,234.5678 万元, 120.00 万 USD 美元; in English CNY 12,345,678.00."""
    if language() == "en":
        return f"{currency} {amount:,.2f}"
    if currency == currencies.HOME:
        return amounts.in_words(amount)
    return amounts.own_in_words(amount, currencies.named(currency))


def _written(amount: Decimal) -> str:
    """Yuan written out, so that no figure can be changed: in capitals, in English in words."""
    if language() == "en":
        return amounts.spelled(amount)
    return _("人民币{words}").format(words=amounts.capitals(amount))


def rate_words(values: Mapping[str, Any]) -> str:
    """6.9347（2026-05-21，中间价）; "" without a rate."""
    if values["rate"] is None:
        return ""
    day = values["rate_on"]
    said = _("，").join(filter(None, (DEALS.field("rate_on").display(day) if day else "", values["rate_source"])))
    return f"{values['rate']}" + (_("（{text}）").format(text=said) if said else "")


def _hands(doc: Document, parties: list[Signatory]) -> None:
    """A box for each party, two beside each other: its name, who signs, lines for signature and date, its seal."""
    gap = 14.0
    wide = (doc.width - gap) / 2
    for start in range(0, len(parties), 2):
        box = doc.place(SEAL + 12)
        for at, one in enumerate(parties[start : start + 2]):
            x, y = box.x + at * (wide + gap), box.y
            doc.ink.rect(x, y, wide, SEAL, "", "border", 0.8, 5)
            names = fonts.wrap(one.organisation, 10, wide - 20, True, most=2)
            for line, text in enumerate(names):
                doc.ink.text(x + 10, y + SEAL - 17 - 13 * line, text, 10, bold=True)
            if one.signer:
                signer = fonts.elide(_("签约人 {who}").format(who=person(one)), 9, wide - 20)
                doc.ink.text(x + 10, y + SEAL - 17 - 13 * len(names), signer, 9, "text.2")
            for height, label in ((36, _("签字（盖章）")), (14, _("日期"))):
                doc.ink.text(x + 10, y + height, label, 9, "text.3")
                begin = x + 18 + fonts.width(label, 9)
                doc.ink.line([(begin, y + height - 2), (x + wide - 12, y + height - 2)], "border", 0.8)
