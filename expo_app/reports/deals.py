"""The deals ledger as PDF and as plain tables: signed and intended apart, totals that say what they leave out.

data = services.report_data.deals(db, expo_id, now)
write(path, data, progress);  tables(data) → sheets with the same figures
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.damaged import SHOWN, is_damaged
from expo_app.i18n import N_, Labelled, _
from expo_app.model import DealKind, DealStage, Entry
from expo_app.reports import charts
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Band, Cell, Column, Row
from expo_app.reports.style import SAMPLE, as_of, kpi, marked, open_document, room_for, sentences
from expo_app.rules import amounts
from expo_app.specs import DEALS
from expo_app.specs.deals_figures import DealPart, DealTotals, PriorDeal
from expo_app.specs.deals_report import DealLine, DealsData
from expo_app.specs.figures import WAN, percent
from expo_app.specs.report_data import SheetChart, SheetColumn, SheetTable

APART = N_("意向金额不是成交额，不与签约相加。")


def write(path: Path, data: DealsData, progress: Progress | None = None) -> set[str]:
    """Write the ledger; the characters the font lacks come back. UserError where the place cannot be written."""
    totals, figures = data.figures.totals, data.figures
    lines = len(figures.kinds) + len(data.signed) + len(data.intended) + len(data.left_out)
    with open_document(path, DEALS.label, data.head, progress, lines, landscape=True) as doc:
        shown = (figures.signed_amount, figures.signed, figures.tech_amount, figures.intended_amount)
        doc.kpis([kpi(figure) for figure in shown])
        doc.note(what_counts(totals))
        doc.heading(_("按类型汇总"), keep=room_for(len(figures.kinds)))
        write_parts(doc, _("类型"), figures.kinds, totals)
        doc.chart(charts.shares(amount_bars(figures.contract_kinds), "", show_wan), 58, _("技术合同按类别（万元）"))
        doc.heading(_("签约项目"), keep=110)
        columns = _columns(data.signed, totals.signed_amount, _("成交额"), _("技术交易额"))
        doc.table(columns, _by_kind(data.signed, figures.kinds), _signed_total(totals), empty=_("没有签约项目"))
        if figures.prior:
            _write_prior(doc, figures.prior)
        doc.heading(_("意向项目"), keep=110)
        doc.note(_(APART))
        columns = _columns(data.intended, totals.intended_amount, _("意向金额"), _("其中技术交易额"))
        rows = [_row(line) for line in data.intended]
        doc.table(columns, rows, _intended_total(totals), empty=_("没有意向项目"))
        if data.left_out:
            doc.heading(_("未计入"), keep=110)
            doc.note(_("以下各项不计入签约，也不计入意向。"))
            rows = [_row(line, _why(line, data.head.is_sample)) for line in data.left_out]
            doc.table(_columns(data.left_out, None, _("填报金额"), _("技术交易额"), _("原因")), rows)
        return doc.missing


def _write_prior(doc: Paper, prior: Sequence[PriorDeal]) -> None:
    """What was signed before this expo, by name."""
    doc.heading(_("此前已签"), keep=110)
    doc.note(_("以下各项在本届之前已经签约，含在上面的合计里，发布口径列名而不计数。"))
    columns = [
        Column(DEALS.field("deal_no").title, 1.5, holds=[deal.deal_no for deal in prior]),
        Column(DEALS.field("title").title, 4, bold=True), Column(_("签约各方"), 4),
        Column(DEALS.field("prior_note").title, 3),
        Column(DEALS.field("amount").header, 1.8, "right", holds=[wan(deal.amount) for deal in prior]),
    ]  # fmt: skip
    rows = [
        [deal.deal_no, marked(deal.title, deal.is_sample), deal.parties, deal.prior_note or None, wan(deal.amount)]
        for deal in prior
    ]
    doc.table(columns, rows)


def what_counts(totals: DealTotals) -> str:
    """What the figures hold, in sentences: only valid entries, what is left out, what has no amount."""
    words = [_("只计登记为“有效”的项目"), totals.left_out]
    if totals.holding_words:
        words.append(_("签约项目{what}").format(what=totals.holding_words))
    if totals.without_words:
        words.append(_("签约项目中{what}，计项数不计金额").format(what=totals.without_words))
    words.append(_("意向 {n} 项另列，不与签约相加").format(n=f"{totals.intended:,}"))
    return sentences(word + _("。") for word in words if word)


# --- statistic tables -------------------------------------------------------------------------------------------------
def write_parts(doc: Paper, first: str, parts: Sequence[DealPart], totals: DealTotals) -> None:
    """A statistic table of signed deals with its total."""
    columns = [
        Column(first, 3, bold=True, holds=[part.label for part in parts]), Column(_("项数"), 1, "right"),
        Column(_("成交额（万元）"), 2, "right"), Column(_("技术交易额（万元）"), 2.4, "right"),
        Column(_("占成交额"), 1.2, "right"), Column(_("无金额"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            part.label, f"{part.count:,}", wan(part.amount), wan(part.tech_amount),
            None if part.share is None else percent(part.share), f"{part.without:,}" if part.without else None,
        ]
        for part in parts
    ]  # fmt: skip
    apart = totals.signed_without + totals.signed_foreign
    whole = None if totals.signed_amount is None else percent(Decimal(1))
    total = [_("合计"), f"{totals.signed:,}", wan(totals.signed_amount), wan(totals.tech_amount), whole, f"{apart:,}"]
    doc.table(columns, rows, total, empty=_("没有签约项目"))


def amount_bars(parts: Sequence[DealPart]) -> list[charts.Bar]:
    """Parts that have an amount, as charts take them; values in yuan."""
    return [charts.Bar(part.label, part.amount) for part in parts if part.amount is not None]


def show_wan(yuan: charts.Number) -> str:
    """A value of a chart in 万元."""
    return amounts.format_wan(Decimal(yuan))


def wan(yuan: Decimal | None) -> str | None:
    """万元 with at least two decimals; None is a missing cell."""
    return None if yuan is None else amounts.format_wan(yuan)


# --- the ledger -------------------------------------------------------------------------------------------------------
def _columns(
    lines: Sequence[DealLine], total: Decimal | None, amount: str, tech_amount: str, reason: str = ""
) -> list[Column]:
    """Room for every number, date and amount of these lines; `reason` is in place of the stage."""
    unit = "\n" + _("（{unit}）").format(unit=_(WAN))
    cells = list(zip(*map(_row, lines), strict=True)) or [()] * 8
    number, contract, day, value, tech = (cells[at] for at in (0, 3, 5, 6, 7))
    return [
        Column(DEALS.field("deal_no").title, 1.9, holds=number), Column(DEALS.field("title").title, 4.3, bold=True),
        Column(_("签约各方"), 5.2), Column(DEALS.field("contract_kind").title, 1.35, holds=contract),
        Column(reason or DEALS.field("stage").title, 1.1, holds=[x.label for x in (*DealStage, *Entry)]),
        Column(DEALS.field("signed_on").title, 1.4, holds=day),
        Column(amount + unit, 1.6, "right", bold=True, holds=(*value, wan(total))),
        Column(tech_amount + unit, 1.75, "right", holds=tech),
    ]  # fmt: skip


def _by_kind(lines: Sequence[DealLine], parts: Sequence[DealPart]) -> Iterator[Row]:
    """The lines in groups of their kind, each with its own sum."""
    sums = {part.key: part for part in parts}
    for kind in DealKind:
        members = [line for line in lines if line.kind is kind]
        if members:
            part = sums[kind.name]
            amount = amounts.in_words(part.amount)
            yield Band(kind.label, f"{_('{n} 项').format(n=part.count)} · {amount}")
            yield from (_row(line) for line in members)


def _row(line: DealLine, why: str = "") -> list[Cell]:
    shown = {name: DEALS.field(name).display(value) for name, value in line.values.items()}
    return [
        shown["deal_no"], marked(shown["title"], line.is_sample), parties(line), _(shown["contract_kind"]),
        why or shown["stage"], shown["signed_on"], shown["amount"], shown["tech_amount"],
    ]  # fmt: skip


def parties(line: DealLine) -> str:
    """卖方 甲 / 买方 乙 on two lines, or every party of a framework agreement."""
    sides = ((_("卖方"), line.values["sellers"]), (_("买方"), line.values["buyers"]))
    texts = [f"{side} {names}" for side, names in sides if names]
    return "\n".join([*texts, *filter(None, [line.values["others"]])]).replace("、", _("、"))


def _why(line: DealLine, in_sample: bool) -> str:
    """Why a deal counts as neither signed nor intended: a sample in a real expo, else its entry, else its stage."""
    if line.is_sample and not in_sample:
        return _(SAMPLE)
    if any(map(is_damaged, line.values.values())):
        return _(SHOWN)
    return line.stage.label if line.entry is Entry.VALID else line.entry.label


def _signed_total(totals: DealTotals) -> list[str | None]:
    notes = _("；").join(text for text in (totals.holding_words, totals.left_out, totals.without_words) if text)
    count = _("签约 {n} 项").format(n=f"{totals.signed:,}")
    return [_("合计"), count, notes, "", "", "", wan(totals.signed_amount), wan(totals.tech_amount)]


def _intended_total(totals: DealTotals) -> list[str | None]:
    count = _("意向 {n} 项").format(n=f"{totals.intended:,}")
    return [_("合计"), count, _("不计入签约"), "", "", "", wan(totals.intended_amount), ""]


# --- Excel ------------------------------------------------------------------------------------------------------------
SHEET_FIELDS = (
    "deal_no", "entry", "stage", "title", "kind", "contract_kind", "sellers", "buyers", "others", "amount", "currency",
    "foreign_amount", "rate", "tech_amount", "signed_on", "is_prior", "prior_note", "is_sample",
)  # fmt: skip


def tables(data: DealsData) -> list[SheetTable]:
    """The same as plain tables: summary by kind, signed, intended, left out."""
    totals, counts = data.figures.totals, what_counts(data.figures.totals)
    found = [
        parts_table(_("按类型汇总"), _("类型"), data.figures.kinds, totals, (counts, as_of(data.head))),
        _sheet(_("签约项目"), data.signed, (counts,), totals.signed, totals.signed_amount, totals.tech_amount),
        _sheet(_("意向项目"), data.intended, (_(APART),), totals.intended, totals.intended_amount),
    ]
    if data.left_out:
        found.append(_sheet(_("未计入"), data.left_out, (_("以下各项不计入签约，也不计入意向。"),)))
    return found


def parts_table(
    title: str, first: str, parts: Sequence[DealPart], totals: DealTotals, notes: tuple[str, ...]
) -> SheetTable:
    """A statistic table of signed deals with its total, for Excel."""
    columns = (
        SheetColumn(first, 22), SheetColumn(_("项数"), 10, "count"), SheetColumn(_("成交额（万元）"), 18, "money"),
        SheetColumn(_("技术交易额（万元）"), 18, "money"), SheetColumn(_("占成交额"), 12, "percent"),
        SheetColumn(_("无金额"), 10, "count"),
    )  # fmt: skip
    rows = [(p.label, p.count, p.amount, p.tech_amount, p.share and round(p.share, 6), p.without) for p in parts]
    whole = None if totals.signed_amount is None else Decimal(1)
    apart = totals.signed_without + totals.signed_foreign
    total = (_("合计"), totals.signed, totals.signed_amount, totals.tech_amount, whole, apart)
    chart = SheetChart(_("{title}：成交额（万元）").format(title=title), (2,))
    return SheetTable(title, columns, rows, notes, (total,), (chart,) if rows else ())


def _sheet(
    title: str, lines: Sequence[DealLine], notes: tuple[str, ...], count: int | None = None, *sums: Decimal | None
) -> SheetTable:
    """Deals as values; `sums` are the totals of amount and technology amount."""
    fields = [DEALS.field(name) for name in SHEET_FIELDS]
    columns = tuple(SheetColumn(f.header, f.width, f.type.sheet) for f in fields)
    rows = [tuple(_plain(name, line.values[name]) for name in SHEET_FIELDS) for line in lines]
    if count is None:
        return SheetTable(title, columns, rows, notes)
    known: dict[str, Any] = {"deal_no": _("合计"), "title": _("{n} 项").format(n=f"{count:,}")}
    known |= dict(zip(("amount", "tech_amount"), sums, strict=False))
    return SheetTable(title, columns, rows, notes, (tuple(known.get(name) for name in SHEET_FIELDS),))


def _plain(name: str, value: Any) -> Any:
    """A word in the current language for an enum, a kind of contract and the sample mark; anything else as it is."""
    if name == "contract_kind":
        return _(value) if value else None
    if name == "is_prior":
        return _("是") if value else None
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, bool):
        return _(SAMPLE) if value else None
    return value
