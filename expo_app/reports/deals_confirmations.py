"""A page per deal for its parties to confirm: what was agreed, the amount in figures and capitals, room to sign.

write(path, services.deals_ceremony.read_confirmations(db, expo_id, now[, deal_id]), progress)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

SEAL = 92.0
"""Points of height for a signature and a seal."""
ASKED = (PartyRole.SELLER, PartyRole.BUYER, PartyRole.PARTY)


def write(path: Path, data: ConfirmationData, progress: Progress | None = None) -> set[str]:
    """Write the pages; the characters the font lacks come back. UserError where the place cannot be written."""
    with open_document(path, _("签约确认单"), data.head, progress, len(data.deals)) as doc:
        if not data.deals:
            doc.paragraph(_("没有有效的签约项目。"))
        for number, deal in enumerate(data.deals):
            if number:
                doc.page_break()
            _page(doc, deal)
            doc.advance()
        return doc.missing


def _page(doc: Document, deal: Confirmation) -> None:
    values = deal.values
    doc.heading(marked(values["title"], bool(values["is_sample"])))
    doc.facts(_facts(deal), label_width=110)
    if values["is_prior"]:
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
    if is_damaged(amount):
        yield DEALS.field("amount").title, shown["amount"]
    elif amount is not None:
        yield DEALS.field("amount").title, amounts.in_words(amount)
        if language() == "zh_CN":  # capitals are Chinese words
            yield _("大写"), _("人民币{words}").format(words=amounts.capitals(amount))
    elif values["foreign_amount"] is None:
        yield DEALS.field("amount").title, _("无金额")
    if is_damaged(values["foreign_amount"]):
        yield DEALS.field("foreign_amount").title, shown["foreign_amount"]
    elif values["foreign_amount"] is not None:
        own_amount = amounts.own_in_words(values["foreign_amount"], currencies.named(values["currency"]))
        yield DEALS.field("foreign_amount").title, own_amount
        yield DEALS.field("rate").title, rate_words(values) or _("未折算")
    if values["tech_amount"] is not None:
        yield DEALS.field("tech_amount").title, _("{n} 万元").format(n=shown["tech_amount"])
    yield DEALS.field("signed_on").title, shown["signed_on"]
    if values["is_prior"]:
        yield DEALS.field("is_prior").title, values["prior_note"] or _("是")
    if values["valid_from"] or values["valid_until"]:
        yield _("合同期限"), _("{start} 至 {end}").format(start=shown["valid_from"], end=shown["valid_until"])


def rate_words(values: Mapping[str, Any]) -> str:
    """6.9347（2026-05-21，中间价）; "" without a rate."""
    if values["rate"] is None:
        return ""
    day = values["rate_on"]
    said = _("，").join(filter(None, (DEALS.field("rate_on").display(day) if day else "", values["rate_source"])))
    return f"{values['rate']}" + (_("（{text}）").format(text=said) if said else "")


def _hands(doc: Document, parties: list[Signatory]) -> None:
    """A box for each party, two beside each other: its name, a line for the signature, one for the date, its seal."""
    gap = 14.0
    wide = (doc.width - gap) / 2
    for start in range(0, len(parties), 2):
        box = doc.place(SEAL + 12)
        for at, one in enumerate(parties[start : start + 2]):
            x, y = box.x + at * (wide + gap), box.y
            doc.ink.rect(x, y, wide, SEAL, "", "border", 0.8, 5)
            for line, text in enumerate(fonts.wrap(one.organisation, 10, wide - 20, True, most=2)):
                doc.ink.text(x + 10, y + SEAL - 17 - 13 * line, text, 10, bold=True)
            for height, label in ((36, _("签字（盖章）")), (14, _("日期"))):
                doc.ink.text(x + 10, y + height, label, 9, "text.3")
                begin = x + 18 + fonts.width(label, 9)
                doc.ink.line([(begin, y + height - 2), (x + wide - 12, y + height - 2)], "border", 0.8)
