"""Which lots of an auction may be called, item by item.

The items are data (`ITEMS`), each with its article of the 拍卖法 (2015) where it is one: notice of at least 7 days
(art. 45), viewing of at least 2 before the day (art. 48), the written consignment contract (art. 42, 44), the consent
of co-owners (专利法 art. 14), priority on equal terms of inventors, clients and co-owners (民法典 art. 847, 859, 860),
an appraisal for state assets (art. 28), the reserve (art. 28, 50).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from expo_app.damaged import SHOWN, DamagedValue
from expo_app.i18n import N_, _
from expo_app.model import Consent, Priority, ReserveKind, RightRole
from expo_app.rules.amounts import format_wan, in_words
from expo_app.rules.auction_words import paddle_no

NOTICE_DAYS, VIEWING_DAYS = 7, 2
CONSIGNMENT: Mapping[str, str] = {
    "parties": N_("双方名称住所"), "lot": N_("标的情况"), "reserve": N_("保留价条款"), "time_place": N_("时间地点"),
    "handover": N_("交付"), "commission": N_("佣金"), "payment": N_("价款支付"), "liability": N_("违约责任"),
    "other": N_("其他约定"),
}  # fmt: skip
"""What a consignment contract holds (art. 44), by the keys a lot keeps."""


class Mark(Enum):
    """OK; worth knowing; to be reminded of; keeps the lot from being called; does not apply."""

    OK = "ok"
    NOTE = "note"
    REMIND = "warn"
    BLOCKS = "bad"
    NONE = "none"


ORDER = (Mark.BLOCKS, Mark.REMIND)
"""What decides about a lot, the worst first; all else lets it be called."""


@dataclass(frozen=True)
class Session:
    """What the session says to all its lots. `day`: of the session, in the expo's zone; `paid`: of its `paddles`, from
    how many a deposit came in."""

    day: date | None = None
    notice_on: date | None = None
    viewing_from: date | None = None
    viewing_until: date | None = None
    paddles: int = 0
    paid: int = 0


@dataclass(frozen=True)
class Right:
    """Of `model.LotRight`; `paddle` None: has none."""

    role: RightRole
    name: str
    told_on: date | None = None
    consent: Consent | None = None
    priority: Priority | None = None
    paddle: int | None = None


@dataclass(frozen=True)
class LotFacts:
    """A lot as the checklist sees it; `values`: columns of the lot by name, without the reserve's amount; `unasked`:
    whom its patents name as holders beside others, and nobody as co-owner. `is_resale`: sold once in this very session,
    whose notice was of the first sale."""

    values: Mapping[str, Any]
    rights: tuple[Right, ...] = ()
    unasked: tuple[str, ...] = ()
    has_patents: bool = True
    is_resale: bool = False

    def get(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True)
class Cell:
    """An item of a lot: how it stands in a few words, and at length where that says more (`more`)."""

    mark: Mark
    words: str
    more: str = ""


@dataclass(frozen=True)
class Item:
    """`field`: where it is filled in, of the lot, or of its session (`of_session`); `cell`: of its lines, where it has
    lines."""

    key: str
    label: str
    field: str
    judge: Callable[[Session, LotFacts], Cell]
    of_session: bool = False
    cell: str = ""

    @property
    def title(self) -> str:
        return _(self.label)


def _notice(session: Session, lot: LotFacts) -> Cell:
    if lot.is_resale:
        return _anew(_("再拍要另行公告，这一场的公告是第一次的"))
    if session.day is None:
        return Cell(Mark.REMIND, _("时间未定"))
    if session.notice_on is None:
        return Cell(Mark.REMIND, _("未公告"))
    return _enough((session.day - session.notice_on).days, NOTICE_DAYS)


def _viewing(session: Session, lot: LotFacts) -> Cell:
    if lot.is_resale:
        return _anew(_("再拍要另行展示，这一场的展示是第一次的"))
    if session.day is None:
        return Cell(Mark.REMIND, _("时间未定"))
    if session.viewing_from is None:
        return Cell(Mark.REMIND, _("未展示"))
    last = min(session.viewing_until or session.viewing_from, session.day - timedelta(1))
    return _enough((last - session.viewing_from).days + 1, VIEWING_DAYS)


def _anew(why: str) -> Cell:
    return Cell(Mark.REMIND, _("再拍另算"), why)


def _enough(days: int, least: int) -> Cell:
    if days >= least:
        return Cell(Mark.OK, _("满 {n} 日").format(n=days))
    return Cell(Mark.REMIND, _("仅 {n} 日").format(n=max(days, 0)))


def missing_consignment(lot: LotFacts) -> list[str]:
    """What the consignment contract lacks, in words; everything where there is none."""
    held = lot.get("consignment") or ()
    lacking = [] if lot.get("consignment_no") else [_("编号")]
    lacking += [] if lot.get("consigned_on") else [_("日期")]
    return lacking + [_(words) for key, words in CONSIGNMENT.items() if key not in held]


def _consignment(_session: Session, lot: LotFacts) -> Cell:
    lacking = missing_consignment(lot)
    if not lacking:
        return Cell(Mark.OK, _("齐"))
    if len(lacking) == len(CONSIGNMENT) + 2:
        return Cell(Mark.REMIND, _("没有合同"))
    words = _("缺{what}").format(what=lacking[0]) if len(lacking) == 1 else _("缺 {n} 项").format(n=len(lacking))
    return Cell(Mark.REMIND, words, _("缺{what}").format(what=_("、").join(lacking)))


def _consent(_session: Session, lot: LotFacts) -> Cell:
    owners = [right for right in lot.rights if right.role is RightRole.CO_OWNER]
    if not owners and not lot.unasked:
        if not lot.has_patents:
            return Cell(Mark.REMIND, _("没有专利"), _("没有登记专利，不知道有没有共有人"))
        return Cell(Mark.OK, _("独有"))
    refused = [right.name for right in owners if right.consent is Consent.REFUSED]
    open_ = [right.name for right in owners if right.consent is not Consent.GIVEN] + [*lot.unasked]
    if refused:
        words = _("{n} 方不同意").format(n=len(refused))
        return Cell(Mark.BLOCKS, words, _("{names}不同意").format(names=_("、").join(refused)))
    if open_:
        return Cell(
            Mark.BLOCKS, _("缺 {n} 方").format(n=len(open_)), _("缺{names}的同意").format(names=_("、").join(open_))
        )
    return Cell(Mark.OK, _("同意 {n}/{n}").format(n=len(owners)))


def _priority(_session: Session, lot: LotFacts) -> Cell:
    asked = [right for right in lot.rights if right.role is not RightRole.CO_OWNER or right.priority is not None]
    if not asked:
        return Cell(Mark.OK, _("无"))
    claimed = [right for right in asked if right.priority is Priority.CLAIMED]
    open_ = [right for right in asked if right.priority in (None, Priority.PENDING)]
    untold = [right for right in open_ if right.told_on is None]
    if open_:
        short = _("未告知 {n}/{all}") if untold else _("待答 {n}/{all}")
        said = _("还没有告知{names}") if untold else _("等{names}答复")
        of = untold or open_
        return Cell(Mark.REMIND, short.format(n=len(of), all=len(asked)), said.format(names=_names(of)))
    if unarmed := [right for right in claimed if right.paddle is None]:
        words = _("{names}主张优先权，还没有号牌").format(names=_names(unarmed))
        return Cell(Mark.REMIND, _("主张 {n}，缺号牌").format(n=len(claimed)), words)
    if claimed:
        said = _("、").join(f"{right.name} {paddle_no(right.paddle or 0)}" for right in claimed)
        return Cell(Mark.NOTE, _("主张 {n}").format(n=len(claimed)), _("同价跟价：{who}").format(who=said))
    return Cell(Mark.OK, _("已放弃 {n}/{n}").format(n=len(asked)))


def _names(rights: Sequence[Right]) -> str:
    return _("、").join(right.name for right in rights)


def _appraisal(_session: Session, lot: LotFacts) -> Cell:
    if not lot.get("is_state_asset"):
        return Cell(Mark.NONE, "—")
    number = lot.get("appraisal_no")
    return Cell(Mark.OK, _("国资 有"), number) if number else Cell(Mark.REMIND, _("国资 缺"), _("国有资产要先评估"))


def _start(_session: Session, lot: LotFacts) -> Cell:
    price = lot.get("start_price")
    if price is None:
        return Cell(Mark.BLOCKS, _("未填"))
    return Cell(Mark.OK, format_wan(price), in_words(price))


def _deposit(session: Session, lot: LotFacts) -> Cell:
    amount = lot.get("deposit")
    if not amount:
        return Cell(Mark.NONE, "—")
    if session.paid >= session.paddles:
        return Cell(Mark.OK, format_wan(amount), in_words(amount))
    words = _("已交 {n}/{all}").format(n=session.paid, all=session.paddles)
    return Cell(Mark.NOTE, words, _("保证金 {amount}，没有交的号牌出价时提示主持人").format(amount=in_words(amount)))


def _reserve(_session: Session, lot: LotFacts) -> Cell:
    kind = lot.get("reserve_kind") or ReserveKind.UNSET
    marks = {ReserveKind.SET: Mark.OK, ReserveKind.NONE: Mark.NOTE, ReserveKind.UNSET: Mark.BLOCKS}
    more = _("开拍前要宣布无底价") if kind is ReserveKind.NONE else ""
    return Cell(marks[kind], kind.label, more)


ITEMS: tuple[Item, ...] = (
    Item("notice", N_("公告满 7 日"), "notice_on", _notice, of_session=True),
    Item("viewing", N_("展示满 2 日"), "viewing_from", _viewing, of_session=True),
    Item("consignment", N_("委托合同"), "consignment", _consignment),
    Item("consent", N_("共有人同意"), "rights", _consent, cell="consent"),
    Item("priority", N_("优先权"), "rights", _priority, cell="priority"),
    Item("appraisal", N_("评估报告"), "appraisal_no", _appraisal),
    Item("start", N_("起拍价"), "start_price", _start),
    Item("reserve", N_("保留价"), "reserve", _reserve),
    Item("deposit", N_("保证金"), "deposit", _deposit),
)
"""In the order of the table."""
CONCLUSIONS: Mapping[Mark, str] = {
    Mark.OK: N_("可上拍"), Mark.REMIND: N_("提醒"), Mark.BLOCKS: N_("不能上拍"),
}  # fmt: skip


def judge(session: Session, lot: LotFacts) -> tuple[Cell, ...]:
    """How every item of `ITEMS` stands for a lot."""
    return tuple(_cell(item, session, lot) for item in ITEMS)


def _cell(item: Item, session: Session, lot: LotFacts) -> Cell:
    """What cannot be read keeps its lot from being called, and no other."""
    try:
        return item.judge(session, lot)
    except DamagedValue as damage:
        return Cell(Mark.BLOCKS, _(SHOWN), str(damage))


def conclusion(cells: Sequence[Cell]) -> Mark:
    """OK, REMIND or BLOCKS: the worst of its items."""
    marks = {cell.mark for cell in cells}
    return next((mark for mark in ORDER if mark in marks), Mark.OK)


def why_not(lot: LotFacts) -> list[str]:
    """Why a lot cannot be called, item by item; empty where it can. What the session lacks reminds only."""
    return _marked(lot, Mark.BLOCKS)


def reminders(lot: LotFacts) -> list[str]:
    """What a lot of its own lacks and can be called without."""
    return _marked(lot, Mark.REMIND)


def _marked(lot: LotFacts, mark: Mark) -> list[str]:
    cells = zip(ITEMS, judge(Session(), lot), strict=True)
    return [
        _("{item}：{why}").format(item=item.title, why=cell.more or cell.words)
        for item, cell in cells
        if cell.mark is mark and not (item.of_session and mark is Mark.REMIND)
    ]
