"""专利拍卖: sessions, lots, paddles, what was bid, and the days off that its terms skip."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import GROUNDS, TRADE, Area, Found, ListEntry, Offer, PageDef, SectionDef, Verb
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import LotState, ReserveKind
from expo_app.services import auction_deals, auction_rules, auction_undo
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import AUCTIONS, BIDDERS, BIDS, DEALS, HOLIDAYS, LOTS, ORGANISATIONS
from expo_app.specs.list_look import EXPORT, ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart
    from expo_app.specs.report_data import Finding
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

LISTS = "auction_lists"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.auction import AuctionPage

    return AuctionPage(context)


def _lists(context: Context) -> Page:
    from expo_app.ui.pages.auction.lists import AuctionLists

    return AuctionLists(context)


def _verb() -> Verb:
    from expo_app.areas.auction_verb import VERB

    return VERB


def _report(writing: Writing) -> None:
    from expo_app.reports import auction
    from expo_app.services import auction_report

    writing.report(partial(auction_report.read, only=writing.part), auction.write, auction.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str) -> object:
    from expo_app.services import auction_report

    return auction_report.as_json(db, expo_id, now, part)


def _findings(db: Database, expo_id: uuid.UUID) -> Sequence[Finding]:
    from expo_app.services import auction_report

    return auction_report.findings(db, expo_id)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import auction_report

    return auction_report.sessions(db, expo_id)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import auction_summary
    from expo_app.services.statistics.auction import read_auctions

    return SummaryPart(read_auctions, auction_summary.chapter, is_short=False)


PILLS: Mapping[Any, str] = {
    LotState.OPEN: "plum", LotState.SOLD: "ok", LotState.PASSED: "mute", LotState.WITHDRAWN: "mute",
    LotState.DEFAULTED: "bad", ReserveKind.SET: "ok", ReserveKind.UNSET: "warn", ReserveKind.NONE: "info",
}  # fmt: skip
AREA = Area(
    "auction",
    lists=(
        ListEntry(
            AUCTIONS,
            Rules(
                before=(auction_rules.refuse_running,),
                after=(auction_rules.beside_auctions,),
                holds=(auction_undo.held,),
            ),
            command_at=51,
            command=N_("auctions 拍卖专场"),
            page=LISTS,
            look=ListLook(N_("专场"), N_("共 {n} 场")),
            found=Found(52, ("title", "starts_at", "place")),
            new=Offer(50, N_("新增拍卖专场")),
            imported=Offer(50, N_("导入拍卖专场")),
        ),
        ListEntry(
            BIDDERS,
            Rules(before=(auction_rules.refuse_holder,), only=auction_rules.only_session),
            command_at=52,
            command=N_("bidders 竞买人"),
            page=LISTS,
            look=ListLook(N_("竞买人"), N_("共 {n} 个号牌")),
            found=Found(53, ("organisation_id", "paddle", "auction_id"), ("agent",)),
            new=Offer(51, N_("登记竞买人")),
            imported=Offer(51, N_("导入竞买人")),
        ),
        ListEntry(
            LOTS,
            Rules(
                before=(auction_rules.fill_in_lots,),
                after=(auction_rules.beside_lots,),
                reviews=(auction_rules.as_said_here, auction_rules.paddles_are_there),
                only=auction_rules.only_session,
            ),
            command_at=53,
            command=N_("lots 标的"),
            page=LISTS,
            look=ListLook(N_("标的"), N_("共 {n} 件")),
            found=Found(54, ("title", "lot_no", "state"), ("owner_id",)),
            new=Offer(52, N_("新增标的")),
            imported=Offer(52, N_("导入标的")),
        ),
        ListEntry(
            BIDS,
            command_at=54,
            command=N_("bids 出价记录"),
            can_import=False,
            page=LISTS,
            look=ListLook(N_("出价记录"), N_("共 {n} 口"), can=frozenset({EXPORT})),
        ),
        ListEntry(
            HOLIDAYS,
            command_at=144,
            command=N_("holidays 节假日"),
            look=ListLook(N_("节假日"), N_("共 {n} 天"), N_("节日名称")),
            section=SectionDef(20, N_("节假日"), "calendar-event-line", GROUNDS),
        ),
    ),
    adds=(
        (ORGANISATIONS, Rules(folding=Folding(before=(auction_undo.not_its_own_bidder,)))),
        (DEALS, Rules(before=(auction_deals.refuse_other,), reviews=(auction_deals.kept_out,))),
    ),
    pages=(
        PageDef("auction", N_("专利拍卖"), "auction", _page, TRADE),
        PageDef(LISTS, N_("拍卖名单"), "auction", _lists, inside="auction"),
    ),
    reports=(
        Document(
            "auction",
            N_("专利拍卖"),
            N_("成交表、未成交表、保证金和每件标的的笔录，与历次拍卖并列。"),
            group=FOR_TRADE,
            at=28,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_report,
            command_at=49,
            command=N_("auction 专利拍卖"),
            as_json=_report_json,
            check=_findings,
            parts=_parts,
        ),
    ),
    summary=_summary,
    verb=_verb,
    pills=PILLS,
)
