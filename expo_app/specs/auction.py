"""Columns of the patent auction: 专场, 标的, 竞买人, what was bid, and the days off that terms in working days skip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal, null, select

from expo_app.i18n import N_, _, in_every_language
from expo_app.model import (
    Auction,
    Bidder,
    EventKind,
    Holiday,
    LadderKind,
    Lot,
    LotEvent,
    LotState,
    Organisation,
    ReserveKind,
)
from expo_app.rules.auction_checklist import CONSIGNMENT
from expo_app.rules.auction_presets import CAP
from expo_app.rules.auction_words import paddle_no
from expo_app.specs import confidential
from expo_app.specs.auction_lines import COMMISSIONS, INCREMENTS, ORDERS, PATENTS, RIGHTS, falls, paddle_field
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import NamedBy, RecordSpec, both_names, own_name, read_name, search_of

_auction, _lot, _bidder, _event = Auction.__table__, Lot.__table__, Bidder.__table__, LotEvent.__table__
SESSION, LICENCE, NOTICE, LADDER, MONEY, REPORTED = (
    N_("专场"), N_("拍卖人与拍卖师"), N_("公告与展示"), N_("加价"), N_("佣金与期限"), N_("报道的专场"),
)  # fmt: skip
LOT, PRICE, CONTRACT, OWNERS, WRITTEN = N_("标的"), N_("价格"), N_("委托与评估"), N_("共有人与优先权"), N_("书面委托")
WHO, DESK = N_("竞买人"), N_("号牌与保证金")
CALLS = (2, 3)
"""报次: called twice or three times before the hammer."""


# --- what is wrong together ---


def _ladder(values: Mapping[str, Any]) -> dict[str, str]:
    kind, found = values.get("ladder"), {}
    if kind is LadderKind.FIXED and "ladder_step" in values and not values["ladder_step"]:
        found["ladder"] = _("固定加价要填每口加多少。")
    if kind is LadderKind.PERCENT and "ladder_percent" in values and not values["ladder_percent"]:
        found["ladder"] = _("按比例加价要填百分之几。")
    return found


def auction_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What no session is: days in the wrong order, increments without a measure, commissions above the law's cap."""
    found = _ladder(values)
    if values.get("calls") not in (None, *CALLS):
        found["calls"] = _("报次是 2 次或 3 次。")
    if values.get("ladder") is LadderKind.TABLE and "bands" in values and not values["bands"]:
        found["ladder"] = _("自定阶梯要填至少一档。")
    start, end = values.get("viewing_from"), values.get("viewing_until")
    if start and end and end < start:
        found["viewing_until"] = _("展示止不能早于展示起。")
    rows = COMMISSIONS.rows(values.get("commissions"))
    if values.get("is_commission_agreed") is False and rows:
        if any(row["percent"] > CAP for row in rows):
            found["commissions"] = _("没有约定的佣金，每一方不超过 {n}%（拍卖法第五十六条）。").format(n=CAP)
        elif not falls(rows):
            found["commissions"] = _("没有约定的佣金，价格越高比例越低（拍卖法第五十六条）。")
    return found | _reported(values)


def _reported(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    figures = ("reported_lots", "reported_sold", "reported_amount")
    if values.get("is_reported") is False:
        return {name: _("只有报道的专场填这一项。") for name in figures if values.get(name) is not None}
    if values.get("is_reported") and "source" in values and not values["source"]:
        found["is_reported"] = _("报道的专场要写出处。")
    lots, sold = values.get("reported_lots"), values.get("reported_sold")
    if lots is not None and sold is not None and sold > lots:
        found["reported_sold"] = _("成交件数不能多于标的件数。")
    return found


def lot_contradictions(values: Mapping[str, Any], facts: ExpoFacts | None = None) -> dict[str, str]:
    """What no lot is: a reserve of no amount, days still to come, a consent of somebody who refused."""
    found = _ladder(values)
    kind, reserve = values.get("reserve_kind"), values.get("reserve")
    if kind is ReserveKind.NONE and reserve is not None:
        found["reserve"] = _("无底价的标的不填保留价。")
    if facts and (day := values.get("consigned_on")) and day > max(facts.today, facts.ends_on):
        found["consigned_on"] = _("委托日期 {day} 还没有到。").format(day=day.isoformat())
    for name in ("start_price", "reserve", "deposit"):
        if (amount := values.get(name)) is not None and amount <= 0:
            found[name] = _("金额要大于 0。")
    return found


# --- computed columns ---


def _counted(table: Any, *where: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.count()).select_from(table).where(table.c.auction_id == _auction.c.id, *where)
    return query.correlate(_auction).scalar_subquery()


def _of_lot(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(_lot.c.id == _event.c.lot_id).correlate(_event).scalar_subquery()


def _lot_session() -> ColumnElement[Any]:
    joined = _lot.join(_auction, _auction.c.id == _lot.c.auction_id)
    query = select(_auction.c.title).select_from(joined).where(_lot.c.id == _event.c.lot_id)
    return query.correlate(_event).scalar_subquery()


def _bid_paddle() -> ColumnElement[Any]:
    return select(_bidder.c.paddle).where(_bidder.c.id == _event.c.bidder_id).correlate(_event).scalar_subquery()


def _bid_body(named: NamedBy = own_name) -> ColumnElement[Any]:
    """Who bid; a bidder who asked to be kept secret (art. 21) is told by the paddle alone."""
    body = Organisation.__table__.alias("bid_body")
    said = case((_bidder.c.is_confidential, literal("")), else_=named(body))
    query = select(said).select_from(_bidder.join(body, body.c.id == _bidder.c.organisation_id))
    return query.where(_bidder.c.id == _event.c.bidder_id).correlate(_event).scalar_subquery()


def _corrected_by() -> ColumnElement[Any]:
    later = _event.alias("correction")
    query = select(func.min(later.c.seq)).where(later.c.lot_id == _event.c.lot_id, later.c.corrects == _event.c.seq)
    return query.correlate(_event).scalar_subquery()


def in_expo(auction_id: ColumnElement[Any], expo_id: Any) -> ColumnElement[bool]:
    """Whether a row's session belongs to an expo."""
    return auction_id.in_(select(Auction.id).where(Auction.expo_id == expo_id))


def consignment_key(text: str) -> str:
    """The key of an item of a consignment contract, from its words in any language; ValueError with a sentence."""
    asked = text.casefold()
    for key, words in CONSIGNMENT.items():
        if asked == key or asked in map(str.casefold, in_every_language(words)):
            return key
    choices = _("、").join(map(_, CONSIGNMENT.values()))
    raise ValueError(_("没有“{text}”这一项，可填：{choices}。").format(text=text, choices=choices))


def consignment_words(keys: Any) -> str:
    """Keys as people read them."""
    return "、".join(_(CONSIGNMENT.get(key, key)) for key in keys)


def _hidden(name: str, label: str, width: int, group: str, **more: Any) -> Field:
    return Field(name, label, width, in_table=False, group=group, **more)


def _ladder_fields(group: str) -> tuple[Field, ...]:
    return (
        _hidden("ladder", N_("加价方式"), 12, group, aliases=("竞价阶梯", "加价阶梯")),
        _hidden("ladder_step", N_("固定加价"), 10, group, unit=N_("万元"), aliases=("加价幅度", "每次加价")),
        _hidden("ladder_percent", N_("加价比例"), 8, group, unit=N_("%"), least=0, most=100),
    )


SAMPLE = Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False)
AUCTIONS: RecordSpec = RecordSpec(
    name="auctions",
    model=Auction,
    title=N_("拍卖专场"),
    key=(("title",),),
    order=("starts_at", "title"),
    search_words=("title", "title_en", "place"),
    icon="auction",
    permission="auction.edit",
    natural="title",
    contradictions=auction_contradictions,
    fields=(
        Field("title", N_("专场名称"), 34, show="bold", aliases=("专场", "名称", "拍卖会名称", "场次"), group=SESSION),
        Field("starts_at", N_("开始时间"), 16, needs_clock=True, aliases=("时间", "拍卖时间"), group=SESSION),
        Field("place", N_("地点"), 14, aliases=("会场", "拍卖地点"), group=SESSION),
        Field("lots", N_("标的件数"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=lambda: func.coalesce(func.nullif(_counted(_lot), 0), _auction.c.reported_lots)),
        Field("sold", N_("成交件数"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=lambda: case((_counted(_lot) > 0, _counted(_lot, _lot.c.state == LotState.SOLD)),
                                  else_=_auction.c.reported_sold)),
        Field("paddles", N_("号牌数"), 8, type=FieldType.NUMBER, readonly=True, in_form=False, in_excel=False,
              select=lambda: _counted(_bidder)),
        _hidden("programme_item_id", N_("日程"), 24, SESSION, ref="programme", aliases=("日程活动",)),
        _hidden("title_en", N_("英文名称"), 30, SESSION, aliases=("英文名",)),
        _hidden("house_id", N_("拍卖人"), 24, LICENCE, ref="organisations", creates=True,
                aliases=("拍卖公司", "拍卖企业", "拍卖行"), hint=N_("四项都填，才叫拍卖会，否则叫竞价会")),
        _hidden("licence_no", N_("拍卖许可证号"), 16, LICENCE, aliases=("拍卖经营批准证书号", "许可证号")),
        _hidden("auctioneer", N_("拍卖师"), 10, LICENCE),
        _hidden("auctioneer_no", N_("拍卖师证号"), 14, LICENCE, aliases=("执业资格证号",)),
        _hidden("recorder", N_("记录人"), 10, LICENCE),
        _hidden("notice_on", N_("公告日期"), 12, NOTICE, is_vital=True, hint=N_("至少提前 7 日")),
        _hidden("viewing_from", N_("展示起"), 12, NOTICE, is_vital=True, until="viewing_until", aliases=("展示日期",),
                hint=N_("开拍前至少 2 日")),
        _hidden("viewing_until", N_("展示止"), 12, NOTICE, is_vital=True),
        _hidden("rules_read_at", N_("宣读规则"), 16, NOTICE, readonly=True, in_form=False),
        _hidden("calls", N_("报次"), 6, LADDER, least=1, most=9, hint=N_("落槌前报 2 次或 3 次")),
        *_ladder_fields(LADDER),
        _hidden("bands", N_("阶梯各档"), 30, LADDER, type=FieldType.LINES, lines=INCREMENTS, is_vital=True,
                select=lambda: INCREMENTS.select(_auction)),
        _hidden("is_commission_agreed", N_("佣金有约定"), 8, MONEY, hint=N_("没有约定的，每一方不超过 5%")),
        _hidden("commissions", N_("佣金各档"), 30, MONEY, type=FieldType.LINES, lines=COMMISSIONS, is_vital=True,
                select=lambda: COMMISSIONS.select(_auction)),
        _hidden("payment_days", N_("付款期"), 6, MONEY, unit=N_("日"), least=0, most=365),
        _hidden("refund_days", N_("退保证金"), 6, MONEY, unit=N_("个工作日"), least=0, most=365),
        Field("is_reported", N_("报道的"), 6, in_table=False, group=REPORTED,
              hint=N_("不是本程序主持的，只记报道出来的")),
        _hidden("reported_lots", N_("报道标的件数"), 8, REPORTED),
        _hidden("reported_sold", N_("报道成交件数"), 8, REPORTED),
        _hidden("reported_amount", N_("报道成交额"), 12, REPORTED, unit=N_("万元")),
        _hidden("source", N_("出处"), 30, REPORTED, aliases=("来源",)),
        _hidden("note", N_("备注"), 24, SESSION, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip


def _lot_search(owner: ColumnElement[str]) -> ColumnElement[str]:
    session = LOTS.joined["auction_id"].c.title
    return search_of(_lot.c.search_text, func.lower(_lot.c.lot_no), owner, func.lower(session))


def _owner_names() -> ColumnElement[str]:
    return both_names(LOTS.joined["owner_id"])


def _bidder_words() -> ColumnElement[str]:
    """Who holds a paddle: the organisation, who bids for it, their telephone."""
    body = BIDDERS.joined["organisation_id"]
    return search_of(_bidder.c.search_text, both_names(body), body.c.search_text)


LOTS: RecordSpec = RecordSpec(
    name="lots",
    model=Lot,
    title=N_("标的"),
    key=(("auction_id", "lot_no"),),
    scope="",
    scope_filter=lambda expo_id: in_expo(_lot.c.auction_id, expo_id),
    order=("auction_id", "position", "lot_no"),
    search=lambda: _lot_search(_owner_names()),
    open_search=lambda: _lot_search(confidential.unless(confidential.owner, _owner_names())),
    search_words=("title", "title_en"),
    chips=("auction_id", "state", "reserve_kind"),
    icon="auction",
    permission="auction.edit",
    natural="lot_no",
    contradictions=lot_contradictions,
    fields=(
        Field("lot_no", N_("标的号"), 8, aliases=("图录号", "拍品号", "编号", "序号"), group=LOT),
        Field("auction_id", N_("专场"), 24, ref="auctions", aliases=("拍卖专场", "场次"), group=LOT),
        Field("title", N_("标的名称"), 34, show="bold",
              aliases=("名称", "拍品名称", "专利名称", "成果名称", "项目名称", "拍品"), group=LOT),
        Field("owner_id", N_("委托人"), 24, ref="organisations", creates=True, secret=confidential.owner,
              aliases=("转让方", "出让方", "专利权人", "权利人", "委托方", "委托拍卖人", "卖方", "单位"), group=LOT),
        _hidden("is_owner_confidential", N_("委托人保密"), 8, LOT, hint=N_("投影、新闻和对外文件不出现")),
        _hidden("achievement_id", N_("科技成果"), 24, LOT, ref="achievements", aliases=("对应成果",)),
        _hidden("patents", N_("专利"), 36, LOT, type=FieldType.LINES, lines=PATENTS, is_vital=True,
                aliases=("专利号", "专利号码", "专利（申请）号", "申请号"), select=lambda: PATENTS.select(_lot)),
        Field("start_price", N_("起拍价"), 12, unit=N_("万元"), is_vital=True,
              aliases=("起拍", "起叫价", "起始价", "挂牌价"), group=PRICE),
        Field("reserve_kind", N_("有无保留价"), 10, aliases=("有无底价",), group=PRICE,
              hint=N_("填了保留价就是已设；无底价开拍前要宣布")),
        _hidden("reserve", N_("保留价"), 12, PRICE, unit=N_("万元"), is_vital=True, aliases=("底价",), select=null,
                hint=N_("只写不显示，留空不改")),
        Field("deposit", N_("保证金"), 12, unit=N_("万元"), is_vital=True, aliases=("竞买保证金",), group=PRICE),
        *_ladder_fields(PRICE),
        _hidden("consignment_no", N_("委托合同编号"), 16, CONTRACT, aliases=("委托拍卖合同编号",)),
        _hidden("consigned_on", N_("委托日期"), 12, CONTRACT, is_vital=True),
        _hidden("consignment", N_("合同载明"), 30, CONTRACT, check=consignment_key, format=consignment_words,
                hint=N_("没有其他约定，也勾上其他约定")),
        _hidden("is_state_asset", N_("国有资产"), 8, CONTRACT, aliases=("是否国资", "国资")),
        _hidden("appraisal_no", N_("评估报告号"), 16, CONTRACT, aliases=("评估报告", "评估报告编号")),
        _hidden("rights", N_("共有人与优先权人"), 30, OWNERS, type=FieldType.LINES, lines=RIGHTS, is_vital=True,
                select=lambda: RIGHTS.select(_lot)),
        _hidden("orders", N_("书面委托"), 24, WRITTEN, type=FieldType.LINES, lines=ORDERS, is_vital=True,
                secret=confidential.orders, select=lambda: ORDERS.select(_lot)),
        Field("state", N_("状态"), 8, show="pill", aliases=("成交状态",), group=REPORTED),
        Field("price", N_("成交价"), 12, unit=N_("万元"), is_vital=True, aliases=("落槌价", "成交金额"), group=REPORTED,
              select=lambda: case((_lot.c.state == LotState.SOLD, _lot.c.price), else_=None)),
        _hidden("position", N_("顺序"), 6, LOT, in_form=False, aliases=("拍卖顺序",), most=9999),
        _hidden("title_en", N_("英文名称"), 30, LOT, aliases=("英文名",)),
        _hidden("note", N_("备注"), 24, LOT, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip
"""`reserve` is written and never read here: whoever may look at it does so by an act of its own."""

BIDDERS: RecordSpec = RecordSpec(
    name="bidders",
    model=Bidder,
    title=N_("竞买人"),
    key=(("auction_id", "paddle"),),
    scope="",
    scope_filter=lambda expo_id: in_expo(_bidder.c.auction_id, expo_id),
    order=("auction_id", "paddle"),
    search=lambda: search_of(cast(_bidder.c.paddle, String), _bidder_words()),
    open_search=lambda: search_of(
        cast(_bidder.c.paddle, String), confidential.unless(confidential.bidder, _bidder_words())
    ),
    search_words=("agent", "phone"),
    chips=("auction_id", "channel"),
    icon="user-voice",
    permission="auction.edit",
    natural="paddle",
    fields=(
        paddle_field(show="bold", aliases=("号牌号", "竞买号牌", "竞买号", "牌号"), group=DESK),
        Field("auction_id", N_("专场"), 24, ref="auctions", aliases=("拍卖专场", "场次"), group=DESK),
        Field("organisation_id", N_("单位"), 28, ref="organisations", creates=True, secret=confidential.bidder,
              aliases=("竞买人", "竞买单位", "单位名称", "企业名称", "公司名称", "名称"), group=WHO),
        Field("agent", N_("受托人"), 10, secret=confidential.bidder,
              aliases=("代理人", "经办人", "举牌人", "联系人"), group=WHO),
        Field("phone", N_("电话"), 16, type=FieldType.PHONE, mask="phone", aliases=("手机", "联系电话", "手机号"),
              group=WHO),
        Field("channel", N_("渠道"), 10, aliases=("竞买方式", "出价方式", "参与方式"), group=DESK),
        Field("is_identity_checked", N_("身份已核"), 8, aliases=("身份核验", "已核验"), group=DESK),
        _hidden("is_confidential", N_("要求保密"), 8, WHO, aliases=("保密",),
                hint=N_("投影、新闻和对外文件只出现号牌")),
        _hidden("is_staff", N_("拍卖人工作人员"), 8, WHO, hint=N_("不能出价（拍卖法第二十二条）")),
        _hidden("account", N_("退款账号"), 24, DESK, mask="account", aliases=("账号", "银行账号", "开户行及账号")),
        _hidden("note", N_("备注"), 24, WHO, aliases=("说明",)),
        SAMPLE,
    ),
)  # fmt: skip

BIDS: RecordSpec = RecordSpec(
    name="bids",
    model=LotEvent,
    title=N_("出价记录"),
    key=(("lot", "seq"),),
    scope="",
    scope_filter=lambda expo_id: _event.c.lot_id.in_(select(Lot.id).where(in_expo(_lot.c.auction_id, expo_id))),
    constant={"kind": EventKind.BID},
    order=("auction", "lot", "seq"),
    search=lambda: search_of(func.lower(_of_lot(_lot.c.lot_no)), _of_lot(_lot.c.search_text)),
    chips=("channel",),
    icon="auction",
    permission="auction.run",
    natural="seq",
    fields=(
        Field("auction", N_("专场"), 24, readonly=True, in_table=False, select=_lot_session),
        Field("lot", N_("标的号"), 8, readonly=True, select=lambda: _of_lot(_lot.c.lot_no)),
        Field("title", N_("标的名称"), 30, readonly=True, select=lambda: _of_lot(_lot.c.title), show="bold"),
        Field("seq", N_("序号"), 6, readonly=True),
        Field("at", N_("时间"), 16, readonly=True),
        Field("paddle", N_("号牌"), 6, type=FieldType.NUMBER, readonly=True, select=_bid_paddle,
              format=paddle_no),
        Field("organisation", N_("单位"), 24, readonly=True, select=_bid_body, read=partial(_bid_body, read_name)),
        Field("amount", N_("出价"), 12, readonly=True, unit=N_("万元")),
        Field("channel", N_("渠道"), 10, readonly=True),
        Field("corrected_by", N_("更正于序号"), 8, type=FieldType.NUMBER, readonly=True, select=_corrected_by),
        Field("operator", N_("操作员"), 10, readonly=True),
        Field("console", N_("竞价台"), 12, readonly=True, in_table=False),
        Field("is_sample", N_("示例"), 6, readonly=True, in_form=False, in_table=False),
    ),
)  # fmt: skip
"""What was bid, for others to reckon with; written by the console alone."""

HOLIDAYS: RecordSpec = RecordSpec(
    name="holidays",
    model=Holiday,
    title=N_("节假日"),
    key=(("day",),),
    scope="",
    needs_expo=False,
    order=("day",),
    chips=("is_working",),
    icon="calendar-event",
    natural="name",
    fields=(
        Field("day", N_("日期"), 12, aliases=("放假日期",)),
        Field("is_working", N_("调休上班"), 8, aliases=("上班", "是否上班"), hint=N_("周末调成上班的日子；不勾是放假")),
        Field("name", N_("名称"), 16, show="bold", required=True, aliases=("节日", "节假日名称", "说明")),
    ),
)
