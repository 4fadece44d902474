"""企业档案: a tenant on a page: its chain, its steps, its dated figures and what was granted to it.

write(path, services.tenants.read_tenant(db, tenant_id), now)
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.model import TaskState
from expo_app.reports.pdf import Column, Document, Row
from expo_app.rules import amounts, masks
from expo_app.specs.fields import MISSING
from expo_app.specs.park_shown import FigureLine, TenantPage

TITLE = N_("企业档案")
DATES = 5
"""The last dates that are printed; the list has all of them."""
SMALL = 8.0


def write(path: Path, page: TenantPage, now: datetime) -> set[str]:
    """Write it; the characters the font lacks come back. UserError where the place cannot be written."""
    facts = [page.tech_field, page.state.label, _("数据截至 {when}").format(when=f"{now:%Y-%m-%d %H:%M}")]
    with Document(
        path, page.title, expo_name=f"{page.park} · {_(TITLE)}", now=now, sample=page.is_sample,
        subtitle=" · ".join(filter(None, facts)),
    ) as doc:  # fmt: skip
        _facts(doc, page)
        _chain(doc, page)
        _steps(doc, page)
        _figures(doc, page)
        _supports(doc, page)
        _tasks(doc, page)
        return doc.missing


def _facts(doc: Document, page: TenantPage) -> None:
    source = _("报道：{source}").format(source=page.source) if page.source else ""
    pairs = [
        (_("研发地"), page.research_region), (_("产业化地"), page.production_region), (_("房间"), page.room),
        (_("成立"), page.founded_on.isoformat() if page.founded_on else ""), (_("说明"), page.summary),
        (_("来源"), source), (_("两地怎么算"), page.sharing_terms),
    ]  # fmt: skip
    doc.facts([pair for pair in pairs if pair[1]])


def _chain(doc: Document, page: TenantPage) -> None:
    doc.heading(_("来龙去脉"), keep=90)
    columns = [
        Column(_("环节"), 1, bold=True), Column(_("日期"), 1.3), Column(_("记录"), 4), Column(_("情况"), 2.4),
        Column(_("间隔（天）"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            _(card.step), card.on or None, card.title or _("未关联"),
            _("已作废") if card.is_void else card.words or None, None if card.days is None else f"{card.days:,}",
        ]
        for card in page.chain
    ]  # fmt: skip
    doc.table(columns, rows, size=SMALL)


def _steps(doc: Document, page: TenantPage) -> None:
    doc.heading(_("状态"), keep=90)
    columns = [
        Column(_("状态"), 1, bold=True), Column(_("日期"), 1.3), Column(_("历时（天）"), 1, "right"),
        Column(_("说明"), 4.4), Column(_("经手"), 1.2),
    ]  # fmt: skip
    rows: list[Row] = []
    for line in page.steps:
        said = [_("已更正") if line.is_undone else "", line.where_to, line.words, line.reason]
        rows.append(
            [
                line.state.label, line.on or None, None if line.days is None else f"{line.days:,}",
                " · ".join(filter(None, said)) or None, line.operator or None,
            ]
        )  # fmt: skip
    doc.table(columns, rows, size=SMALL, empty=_("还没有记经过"))


def cell(line: FigureLine, place: int, sees_money: bool) -> str | None:
    """A figure as it is printed; None where nobody reported it."""
    if line.is_money and not sees_money:
        return masks.UNSEEN
    value = line.values[place]
    if value is None:
        return None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if line.is_money:
        return amounts.format_in(value, amounts.THOUSAND, 0)
    return f"{value:,.2f}" if line.name == "area" else f"{value:,.0f}"


def _figures(doc: Document, page: TenantPage) -> None:
    doc.heading(_("分期数据（火炬口径，金额千元）"), keep=120)
    first = max(0, len(page.dates) - DATES)
    places = range(first, len(page.dates))
    columns = [Column(_("指标"), 2.6), *(Column(page.dates[place].isoformat(), 1.2, "right") for place in places)]
    rows: list[Row] = []
    for line in page.figures:
        hidden = line.is_money and not page.sees_money
        if hidden or any(line.values[place] is not None for place in places):
            name = _("其中 {what}").format(what=line.words) if line.is_part else line.words
            rows.append([name, *(cell(line, place, page.sees_money) for place in places)])
    doc.table(columns, rows if page.dates else [], size=SMALL, empty=_("还没有分期数据"))
    if first:
        doc.note(_("只印最近 {n} 个日期，更早的 {m} 个在系统里。").format(n=DATES, m=first))
    for one in page.register:
        if not one.differs or one.amount is None:
            continue
        money = amounts.format_in(one.amount, amounts.THOUSAND, 0)
        words = _("{day} 的技术合同，台账登记 {n} 项 {money} 千元，与企业填报不一致，两个数都留着。")
        doc.note(words.format(day=one.on_date.isoformat(), n=f"{one.count:,}", money=money))


def _supports(doc: Document, page: TenantPage) -> None:
    doc.heading(_("政策支持"), keep=90)
    columns = [
        Column(_("类别"), 1, bold=True), Column(_("内容"), 3.6), Column(_("金额（元）"), 1.5, "right"),
        Column(_("状态"), 1), Column(_("有效期至"), 1.2),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            one.kind.label, one.title, None if one.amount is None else amounts.format_yuan(one.amount),
            one.state.label, one.valid_until.isoformat() if one.valid_until else None,
        ]
        for one in page.supports
    ]  # fmt: skip
    has_money = any(one.amount is not None for one in page.supports)
    total = [_("合计"), "", amounts.format_yuan(page.granted), "", ""] if has_money else None
    doc.table(columns, rows, total, size=SMALL, empty=_("还没有记政策支持。"))


def _tasks(doc: Document, page: TenantPage) -> None:
    tasks = [one for one in page.tasks if one.state is TaskState.OPEN]
    if not tasks:
        return
    doc.heading(_("跟进"), keep=70)
    columns = [Column(_("事项"), 4), Column(_("负责人"), 1.4), Column(_("期限"), 1.2)]
    rows: list[Row] = [
        [one.title, one.assignee or MISSING, one.due_on.isoformat() if one.due_on else MISSING] for one in tasks
    ]
    doc.table(columns, rows, size=SMALL)
