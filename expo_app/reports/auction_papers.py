"""成交确认书 and 拍卖笔录 of lots: what the law wants on them (拍卖法 art. 52–54), and room to sign.

write(path, [CONFIRMATION, RECORD], services.auction_papers.read_papers(...), progress)

Where the house or the auctioneer is not registered, every word says 竞价 instead of 拍卖.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from expo_app.damaged import SHOWN
from expo_app.i18n import N_, _, language
from expo_app.model import EventKind, LotState
from expo_app.reports import fonts
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Column, Document, Noted, Row
from expo_app.reports.style import marked, open_document
from expo_app.rules import amounts
from expo_app.rules.auction_words import paddle_no
from expo_app.specs.auction_papers import LotPaper, PapersData, PatentLine, RecordLine, SessionFacts

CONFIRMATION, RECORD = "confirmation", "record"
TITLES = {
    CONFIRMATION: (N_("拍卖成交确认书"), N_("竞价会成交确认书")), RECORD: (N_("拍卖笔录"), N_("竞价笔录")),
}  # fmt: skip
SIGN = 64.0
"""Points of height for a signature."""
FACT, SIGNED = 15.5, SIGN + 32
"""Of a fact, and of the lines to sign with their days."""
KEEP_FOR = N_("本文件与拍卖有关的完整账簿、资料一起保存不少于五年（拍卖法第五十四条）。")
KEEP = N_("本文件与竞价有关的账簿、资料一起保存不少于五年。")


def title_of(kind: str, session: SessionFacts) -> str:
    """What a paper of a session is called."""
    licensed, other = TITLES[kind]
    return _(licensed if session.is_auction else other)


def write(path: Path, kinds: Sequence[str], data: PapersData, progress: Progress | None = None) -> set[str]:
    """Papers of these kinds, each of every lot on pages of its own; the characters the font lacks come back.

    A confirmation is written of lots that were sold alone. UserError where the place cannot be used.
    """
    wanted = [(kind, lot) for kind in kinds for lot in data.lots if kind == RECORD or lot.is_sold]
    first = title_of(wanted[0][0] if wanted else kinds[0], data.session)
    with open_document(path, first, data.head, progress, len(wanted)) as doc:
        if not wanted:
            doc.paragraph(_("没有成交的标的。") if kinds[0] == CONFIRMATION else _("没有叫过价的标的。"))
        for number, (kind, lot) in enumerate(wanted):
            begin(doc, kind, data.session, lot, is_first=not number)
            (_confirmation if kind == CONFIRMATION else write_record)(doc, data.session, lot)
            doc.advance()
        return doc.missing


def begin(doc: Document, kind: str, session: SessionFacts, lot: LotPaper, *, is_first: bool = False) -> None:
    """A page where a paper of a lot begins; every page after it says whose it is, so that a signed one can be told."""
    called = title_of(kind, session)
    if not is_first:
        doc.page_break()
        doc.paragraph(called, 16, bold=True)
    doc.title = _("{paper} · {session} · 标的 {no}").format(paper=called, session=session.title, no=lot.lot_no)


# --- 成交确认书 -------------------------------------------------------------------------------------------------------
def _confirmation(doc: Document, session: SessionFacts, lot: LotPaper) -> None:
    _head(doc, lot, lot.copies[0])
    doc.facts(_session_facts(session), label_width=110)
    doc.heading(_("标的情况"), level=2)
    doc.facts(_lot_facts(lot), label_width=110)
    doc.heading(_("成交情况"), level=2)
    doc.facts(_sale_facts(session, lot), label_width=110)
    body = _("拍卖人") if session.is_auction else _("组织方")
    words = _("买受人与{body}确认：以上标的由买受人以上述价款竞得，落槌即成交，双方签署本确认书。")
    doc.paragraph(words.format(body=body))
    if lot.purchase is not None and lot.purchase.due_on is not None:
        words = _("买受人在 {day} 前付清价款和佣金。逾期未付的，按约定和法律承担责任。")
        if lot.purchase.deposit:
            words = _("买受人在 {day} 前付清价款和佣金；保证金抵作价款。逾期未付的，按约定和法律承担责任。")
        doc.paragraph(words.format(day=lot.purchase.due_on.isoformat()))
    _hands(doc, [_("买受人（签字盖章）"), _("{body}（签字盖章）").format(body=body)])
    doc.note(_(KEEP_FOR if session.is_auction else KEEP))


def _head(doc: Document, lot: LotPaper, copies: int) -> None:
    doc.heading(_("标的 {no} {title}").format(no=lot.lot_no, title=marked(lot.title, lot.is_sample)))
    if copies:
        doc.paragraph(_("补打（第 {n} 份）").format(n=copies + 1), 9, "warn", bold=True)


def _session_facts(session: SessionFacts) -> Iterator[tuple[str, str | None]]:
    yield _("专场"), _("{title}（{called}）").format(title=session.title, called=session.called)
    yield _("时间"), _moment(session.starts_at)
    yield _("地点"), session.place
    body, chair = (_("拍卖人"), _("拍卖师")) if session.is_auction else (_("组织方"), _("主持人"))
    licence = _("许可证号 {no}").format(no=session.licence_no) if session.licence_no else ""
    yield body, _joined(session.house, licence, session.house_address)
    number = _("证号 {no}").format(no=session.auctioneer_no) if session.auctioneer_no else ""
    yield chair, _joined(session.auctioneer, number)
    yield _("记录人"), session.recorder


def _lot_facts(lot: LotPaper) -> Iterator[tuple[str, str | None]]:
    yield _("委托人"), lot.owner
    for at, patent in enumerate(lot.patents):
        yield _("专利") if not at else "", _joined(patent.kind, patent.title, patent.patent_no)
        yield "", _joined(*_particulars(patent))
    if lot.resale_of:
        yield _("再拍"), _("标的 {no} 的买受人未付款，经委托人同意再拍").format(no=lot.resale_of)


def _particulars(patent: PatentLine) -> Iterator[str]:
    """What a contract on it names beside kind, title and number (民法典 art. 845); what nobody entered is left out."""
    for words, said in (
        (N_("申请号 {text}"), patent.application_no), (N_("申请日 {text}"), _day(patent.filed_on)),
        (N_("期限至 {text}"), _day(patent.ends_on)), (N_("申请人 {text}"), patent.applicant),
        (N_("权利人 {text}"), patent.holder),
    ):  # fmt: skip
        if said:
            yield _(words).format(text=said)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _sale_facts(session: SessionFacts, lot: LotPaper) -> Iterator[tuple[str, str | None]]:
    yield _("买受人"), _joined(lot.buyer, lot.buyer_address)
    agent = _("受托人 {name}").format(name=lot.agent) if lot.agent else ""
    yield _("号牌"), _joined(_("{no} 号").format(no=_paddle(lot)), agent)
    yield _("落槌时间"), _moment(lot.hammered_at, "%Y-%m-%d %H:%M:%S")
    yield from _money(_("成交价"), lot.price)
    if (bought := lot.purchase) is not None:
        words = _("（没有约定，按不超过成交价 5% 收取）") if bought.is_capped else ""
        yield _("买受人佣金"), _yuan(bought.commission) + words
        yield _("保证金抵价款"), _yuan(bought.deposit) if bought.deposit else _("没有")
        if bought.claim is None:
            yield from _money(_("应付合计"), bought.need - bought.deposit)
            yield _("付款期"), bought.due_on.isoformat() if bought.due_on else None
    yield _("成交编号"), lot.deal_no
    if lot.state is LotState.DEFAULTED:
        yield _("后续"), _("买受人逾期未付，已登记违约")


def _money(label: str, amount: Decimal | None) -> Iterator[tuple[str, str | None]]:
    yield label, None if amount is None else _yuan(amount)
    if amount is not None and language() == "zh_CN":  # capitals are Chinese words
        yield _("大写"), _("人民币{words}").format(words=amounts.capitals(amount))


def _yuan(amount: Decimal) -> str:
    return _("{n} 元").format(n=f"{amount:,.2f}")


# --- 拍卖笔录 ---------------------------------------------------------------------------------------------------------
def write_record(doc: Document, session: SessionFacts, lot: LotPaper) -> None:
    """The record of one lot, sold or not: every entry as it was, the wrong ones too, and who signs it."""
    _head(doc, lot, lot.copies[1])
    doc.facts((*_session_facts(session), *_before(session)), label_width=110)
    doc.heading(_("标的情况"), level=2)
    doc.facts((*_lot_facts(lot), *_terms(lot)), label_width=110)
    doc.heading(_("经过"), level=2, keep=110)
    doc.table(_columns(lot.lines), _rows(lot.lines), empty=_("没有记录"))
    result = [*_result(session, lot)]
    doc.heading(_("结果"), level=2, keep=FACT * len(result) + SIGNED)  # nobody signs a page that says nothing
    doc.facts(result, label_width=110)
    chair = _("拍卖师（签名）") if session.is_auction else _("主持人（签名）")
    hands = [chair, _("记录人（签名）")]
    _hands(doc, [*hands, _("买受人（签名）")] if lot.is_sold else hands)
    doc.note(_(KEEP_FOR if session.is_auction else KEEP))


def _before(session: SessionFacts) -> Iterator[tuple[str, str | None]]:
    yield _("公告"), session.notice_on.isoformat() if session.notice_on else None
    yield _("展示"), session.viewing
    yield _("宣读规则"), _moment(session.rules_read_at)
    yield _("报次规则"), _("落槌前 {n} 次").format(n=session.calls)


def _terms(lot: LotPaper) -> Iterator[tuple[str, str | None]]:
    yield _("起拍价"), None if lot.start_price is None else _yuan(lot.start_price)
    changed = [line.no for line in lot.lines if line.kind is EventKind.LADDER]
    yield _("加价幅度"), lot.increments + (_("（第 {n} 条调整后）").format(n=changed[-1]) if changed else "")
    yield _("保留价"), lot.reserve
    yield _("保证金"), None if lot.deposit is None else _yuan(lot.deposit)


def _result(session: SessionFacts, lot: LotPaper) -> Iterator[tuple[str, str | None]]:
    yield _("结果"), lot.state.label
    yield _("落槌时间"), _moment(lot.hammered_at, "%Y-%m-%d %H:%M:%S")
    yield _("落槌前报次"), _("{n} 次（规则 {of} 次）").format(n=lot.calls, of=session.calls)
    if lot.is_sold:
        yield from _money(_("成交价"), lot.price)
        yield _("买受人"), _joined(lot.buyer, _("{no} 号").format(no=_paddle(lot)))
    elif lot.price is not None:
        yield _("最高应价"), _joined(_yuan(lot.price), _("{no} 号").format(no=_paddle(lot)))


def _columns(lines: Sequence[RecordLine]) -> list[Column]:
    numbers = [str(line.no) for line in lines]
    sums = [f"{line.amount:,.2f}" for line in lines if line.amount is not None]
    moment = "00:00:00.000" if _is_one_day(lines) else "00-00 00:00:00.000"
    return [
        Column(_("序号"), 0.8, "right", holds=numbers), Column(_("时间"), 1.6, holds=[moment]),
        Column(_("事项"), 2.2, bold=True), Column(_("号牌"), 0.9, holds=["00"]),
        Column(_("金额（元）"), 2, "right", holds=sums), Column(_("渠道"), 1.4), Column(_("说明"), 3.4),
    ]  # fmt: skip


def _is_one_day(lines: Sequence[RecordLine]) -> bool:
    return len({line.at.date() for line in lines if line.at is not None}) <= 1


def _rows(lines: Sequence[RecordLine]) -> list[Row]:
    form = "%H:%M:%S" if _is_one_day(lines) else "%m-%d %H:%M:%S"
    return [_row(line, form) for line in lines]


def _row(line: RecordLine, form: str) -> Row:
    what = line.kind.label
    notes = [_("第 {n} 次").format(n=line.call)] if line.call else []
    if line.kind is EventKind.CORRECTION:
        notes.append(_("更正第 {n} 条").format(n=line.corrects))
        notes.append(_("确认人 {note}").format(note=line.note) if line.note else "")
        if line.amount is None:
            notes.append(_("该口不计"))
    elif line.note:
        notes.append(line.note)
    if line.is_wrong:
        notes.append(_("录入有误，已更正"))
    return [
        str(line.no), _clock(line.at, form), Noted(what),
        None if line.paddle is None else paddle_no(line.paddle),
        None if line.amount is None else f"{line.amount:,.2f}", line.channel or None,
        _("；").join(filter(None, notes)) or None,
    ]  # fmt: skip


def _clock(at: datetime | None, form: str) -> str:
    return _(SHOWN) if at is None else f"{at:{form}}.{at.microsecond // 1000:03d}"


# --- both -------------------------------------------------------------------------------------------------------------
def _paddle(lot: LotPaper) -> str:
    return "—" if lot.paddle is None else paddle_no(lot.paddle)


def _moment(at: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str | None:
    return None if at is None else at.strftime(form)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _hands(doc: Document, names: Sequence[str]) -> None:
    """A line to sign for each, beside each other, with the day."""
    gap = 14.0
    wide = (doc.width - gap * (len(names) - 1)) / len(names)
    box = doc.place(SIGN + 24)
    for at, name in enumerate(names):
        x = box.x + at * (wide + gap)
        doc.ink.rect(x, box.y + 8, wide, SIGN, "", "border", 0.8, 5)
        doc.ink.text(x + 10, box.y + SIGN - 8, fonts.elide(name, 9, wide - 20, True), 9, bold=True)
        doc.ink.text(x + 10, box.y + 18, _("日期"), 8, "text.3")
        doc.ink.line([(x + 34, box.y + 16), (x + wide - 12, box.y + 16)], "border", 0.8)
