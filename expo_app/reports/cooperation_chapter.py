"""区域协同 in the closing report: what links regions in one line, and one each of vouchers, parks and alliances.

What was reported of a park stands in a line of its own, with day and source, and is in no sum.
"""

from __future__ import annotations

from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.cooperation import TITLE, years
from expo_app.reports.paper import Paper
from expo_app.reports.style import marked
from expo_app.reports.summary_chapter import Chapter, Notes
from expo_app.rules.amounts import format_yuan
from expo_app.rules.reported import qualified
from expo_app.specs.figures import plain
from expo_app.specs.report_data import Head, SheetColumn, SheetTable
from expo_app.specs.sharing_figures import (
    AlliancesTold,
    ClosingCooperation,
    ParkReported,
    Sharing,
    TenantsTold,
    VouchersTold,
)

LEAST = 24
"""Points that the chapter has at least."""
NEVER_ADDED = N_("报道数各有来源和时间，不与记录相加。")


def chapter(_head: Head, found: ClosingCooperation) -> Chapter | None:
    """Behind what was signed; nothing where nothing links two regions and nobody shares anything."""
    if not any(figure.value for figure in found.cooperation.figures) and found.sharing.is_empty:
        return None
    return Chapter(58, 58, found, _(TITLE), (), (), 0, partial(_write, found), partial(_sheets, found))


def _write(found: ClosingCooperation, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=LEAST)
    told = [
        _("{part} {n} {unit}").format(part=one.label, n=one.shown, unit=one.unit_shown)
        for one in found.cooperation.figures
        if one.value
    ]
    if told:
        doc.note(_span(found) + _("、").join(told) + _("。"))
    for words in _lines(found.sharing):
        doc.note(words)


def _span(found: ClosingCooperation) -> str:
    """Which years the totals are of, where there are several."""
    lines = found.cooperation.lines
    if len(lines) < 2:
        return ""
    return _("{first}–{last} 年合计：").format(first=lines[0].year, last=lines[-1].year)


def _lines(sharing: Sharing) -> list[str]:
    lines = [_vouchers(sharing.vouchers)] if sharing.vouchers else []
    lines += [_tenants(sharing.tenants)] if sharing.tenants else []
    lines += [_reported(one) for one in sharing.reported]
    lines += [_(NEVER_ADDED)] if sharing.reported and sharing.tenants else []
    return [*lines, *([_alliances(sharing.alliances)] if sharing.alliances else [])]


def _vouchers(told: VouchersTold) -> str:
    words = _(
        "核验用券 {n} 笔（更正各计一笔），券付 {amount} 元；其中已结算 {m} 笔，{settled} 元。"
        "地区之间的对账单 {drawn} 份，双方都签的 {signed} 份。"
    )
    return words.format(
        n=f"{told.verified.count:,}", amount=format_yuan(told.verified.yuan), m=f"{told.settled.count:,}",
        settled=format_yuan(told.settled.yuan), drawn=told.drawn, signed=told.signed,
    )  # fmt: skip


def _tenants(told: TenantsTold) -> str:
    steps = _("、").join(f"{step.label} {n:,}" for step, n in told.steps)
    return _("{n} 个园区按记录计，到过各步的企业（家）：{what}。").format(n=told.parks, what=steps)


def _reported(one: ParkReported) -> str:
    figures = _("、").join(
        f"{total.label} {qualified(amount.qualifier, plain(amount.value))}" for total, amount in one.figures
    )
    whose = _("，").join(filter(None, (one.on, one.source)))
    words = _("{park}据报道（{whose}）：{what}。") if whose else _("{park}据报道：{what}。")
    return words.format(park=marked(one.park, one.is_sample), whose=whose, what=figures)


def _alliances(told: AlliancesTold) -> str:
    words = _("联盟与共同体 {n} 个，成员 {members} 家（每家只计一次），协议 {agreements} 份。")
    return words.format(n=told.bodies, members=f"{told.members:,}", agreements=told.agreements)


# --- Excel ------------------------------------------------------------------------------------------------------------
def _sheets(found: ClosingCooperation, notes: Notes) -> list[SheetTable]:
    return [years(found.cooperation, notes), *_shared(found.sharing, notes)]


def _shared(sharing: Sharing, notes: Notes) -> list[SheetTable]:
    rows: list[tuple[object, ...]] = []
    if told := sharing.vouchers:
        lines = (
            (_("核验用券（笔）"), told.verified.count), (_("券付（元）"), told.verified.yuan),
            (_("已结算（笔）"), told.settled.count), (_("已结算（元）"), told.settled.yuan),
            (_("地区之间的对账单（份）"), told.drawn), (_("双方都签的（份）"), told.signed),
        )  # fmt: skip
        rows += [(_("双创券"), *line) for line in lines]
    rows += [(_("合作园区"), step.label, n) for step, n in (sharing.tenants.steps if sharing.tenants else ())]
    if of := sharing.alliances:
        counts = (_("个数"), of.bodies), (_("成员（家）"), of.members), (_("协议（份）"), of.agreements)
        rows += [(_("联盟与共同体"), *line) for line in counts]
    columns = (SheetColumn(_("领域"), 14), SheetColumn(_("指标"), 24), SheetColumn(_("数"), 16, "figure"))
    sheets = [SheetTable(_("券、园区、联盟"), columns, rows, notes)] if rows else []
    reported = [
        (marked(one.park, one.is_sample), total.label, amount.qualifier.label if amount.qualifier else "",
         amount.value, one.on, one.source)
        for one in sharing.reported for total, amount in one.figures
    ]  # fmt: skip
    if reported:
        of_parks = (
            SheetColumn(_("园区"), 28), SheetColumn(_("指标"), 16), SheetColumn(_("限定"), 8),
            SheetColumn(_("数"), 12, "figure"), SheetColumn(_("时间"), 12), SheetColumn(_("来源"), 30),
        )  # fmt: skip
        sheets.append(SheetTable(_("园区报道数"), of_parks, reported, (_(NEVER_ADDED), *notes)))
    return sheets
