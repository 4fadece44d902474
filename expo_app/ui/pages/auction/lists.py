"""拍卖名单: lots, paddles, sessions and bids, one of the four lists in front."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.routes.auction import AuctionRoute
from expo_app.services.records import Row
from expo_app.specs import AUCTIONS, BIDDERS, BIDS, LOTS
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.auction.forms import AuctionDialog, LotDialog
from expo_app.ui.parts.chain import ChainStrip
from expo_app.ui.records.switched_lists import SwitchedList, SwitchedLists

LISTS = (("lots", N_("标的")), ("bidders", N_("竞买人")), ("auctions", N_("拍卖专场")), ("bids", N_("出价记录")))


class AuctionList(SwitchedList):
    """One of the lists, with the way back to the hall."""

    title = N_("拍卖名单")
    lists = LISTS

    def actions(self) -> list[Any]:
        hall = Button(_("回拍卖"), icon="auction-line", clicked=lambda: self.context.navigate(AuctionRoute()))
        return [*super().actions(), hall]


class LotsPage(AuctionList):
    spec = LOTS
    noun, counted = N_("标的"), N_("共 {n} 件")
    placeholder = N_("标的号、名称、委托人、拼音首字母")
    columns = ("lot_no", "auction_id", "title", "owner_id", "start_price", "reserve_kind", "deposit", "state", "price")
    stretch = "title"
    gives_way = ("auction_id", "deposit", "owner_id")
    also_shows = ("lot_patent", "lot_right", "written_order")
    dialog_class = LotDialog

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return [ChainStrip(self.context, self.spec.name, record_id)]


class BiddersPage(AuctionList):
    spec = BIDDERS
    noun, counted = N_("竞买人"), N_("共 {n} 个号牌")
    placeholder = N_("号牌、单位、受托人、电话后四位")
    stretch = "organisation_id"
    gives_way = ("auction_id", "phone")

    def fact(self, rows: Sequence[Row]) -> str:
        checked = sum(bool(self.value(row, "is_identity_checked")) for row in rows)
        return _("{n} 个号牌 · 身份已核 {checked} 个").format(n=f"{len(rows):,}", checked=f"{checked:,}")


class AuctionsPage(AuctionList):
    spec = AUCTIONS
    noun, counted = N_("专场"), N_("共 {n} 场")
    placeholder = N_("名称、地点、拼音首字母")
    columns = ("title", "starts_at", "place", "lots", "sold", "paddles")
    stretch = "title"
    also_shows = ("lot", "bidder", "increment_band", "commission_band")
    dialog_class = AuctionDialog


class BidsPage(AuctionList):
    spec = BIDS
    noun, counted = N_("出价记录"), N_("共 {n} 口")
    placeholder = N_("标的号、标的名称")
    stretch = "title"
    also_shows = ("lot", "bidder")
    can_add = can_import = can_delete = False


class AuctionLists(SwitchedLists):
    """The lists, one of them in front."""

    pages = {"lots": LotsPage, "bidders": BiddersPage, "auctions": AuctionsPage, "bids": BidsPage}  # noqa: RUF012
