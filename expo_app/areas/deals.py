"""成交台账."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import TRADE, Area, Count, Found, ListEntry, Offer, PageDef
from expo_app.documents import FOR_STAFF, FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import DealStage, Entry
from expo_app.services import deals_rules
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import DEALS, ORGANISATIONS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.deals import DealsPage

    return DealsPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import deals

    return deals.count_to_check(db, expo_id), "warn"


def _ledger(writing: Writing) -> None:
    from expo_app.reports import deals
    from expo_app.services import deals_report

    writing.report(deals_report.read, deals.write, deals.tables)


def _bulletin(writing: Writing) -> None:
    from expo_app.reports import deals_bulletin as pages
    from expo_app.services import deals_bulletin

    writing.report(partial(deals_bulletin.read, day=writing.day), pages.write, pages.tables)


def _stage(writing: Writing) -> None:
    from expo_app.reports import deals_stage
    from expo_app.services import deals_ceremony

    writing.report(deals_ceremony.read_stage, deals_stage.write, deals_stage.tables)


def _confirmations(writing: Writing) -> None:
    from expo_app.reports import deals_confirmations
    from expo_app.services import deals_ceremony

    writing.report(deals_ceremony.read_confirmations, deals_confirmations.write)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import deals_summary
    from expo_app.services import deals_report

    return SummaryPart(deals_report.read_summary, deals_summary.chapter)


PILLS = {
    Entry.CHECK: "warn", Entry.VALID: "ok", DealStage.INTENT: "warn", DealStage.SIGNED: "ok",
    DealStage.REGISTERED: "ok", DealStage.PERFORMING: "info", DealStage.LANDED: "ok",
}  # fmt: skip
AREA = Area(
    "deals",
    adds=((ORGANISATIONS, Rules(folding=Folding(before=(deals_rules.not_with_oneself,)))),),
    lists=(
        ListEntry(
            DEALS,
            Rules(
                here=deals_rules.here,
                before=(deals_rules.fill_in, deals_rules.one_number_each),
                after=(deals_rules.parties_and_step,),
                reviews=(deals_rules.repeated, deals_rules.numbers_taken),
            ),
            command_at=40,
            command=N_("deals 成交"),
            found=Found(5, ("title", "deal_no", "stage"), ("sellers", "buyers", "others", "contract_no")),
            new=Offer(3, N_("新增成交")),
            imported=Offer(4, N_("导入成交")),
        ),
    ),
    pages=(PageDef("deals", N_("成交台账"), "hand-coin", _page, TRADE, _count),),
    reports=(
        Document(
            "deals",
            N_("成交台账"),
            N_("全部有效项目与合计，写明合计不含哪些。"),
            group=FOR_TRADE,
            at=20,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_ledger,
            command_at=40,
        ),
        Document(
            "deals-bulletin",
            N_("成交快报"),
            N_("一天的签约：各方、类型、地区，累计与意向分列。"),
            group=FOR_TRADE,
            at=22,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_bulletin,
            command_at=43,
            command=N_("deals-bulletin 成交快报"),
            of_day=True,
        ),
        Document(
            "stage",
            N_("签约仪式"),
            N_("批次、台上顺序、双方签约人和待处理的事，另有主持人提示卡，一项一张 A5。"),
            group=FOR_STAFF,
            at=41,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_stage,
            command_at=41,
            command=N_("stage 签约仪式"),
        ),
        Document(
            "confirmations",
            N_("签约确认单"),
            N_("有效的签约项目一项一页：各方、金额和大写、日期、签字盖章处。"),
            group=FOR_TRADE,
            at=42,
            formats=("pdf",),
            shape="table",
            write=_confirmations,
            command_at=42,
            command=N_("confirmations 签约确认单"),
        ),
    ),
    summary=_summary,
    pills=PILLS,
)
