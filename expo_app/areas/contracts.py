"""技术合同登记簿, and the lists and time limits of the registry office."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from expo_app.areas.registration import NAMES, TRADE, Area, Count, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import Registration
from expo_app.rules import tech_contracts
from expo_app.services import contracts_lists, contracts_rules, deals_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import CONTRACTS, REGISTRY_CHOICES, REGISTRY_DEADLINES
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.contracts import ContractsPage

    return ContractsPage(context)


def _lists(context: Context) -> Page:
    from expo_app.ui.pages.contracts.lists import RegistryLists

    return RegistryLists(context)


def _deadlines(context: Context) -> Page:
    from expo_app.ui.pages.contracts.lists import RegistryDeadlines

    return RegistryDeadlines(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import contracts

    return contracts.count_lacking(db, expo_id), "warn"


def _register(writing: Writing) -> None:
    from expo_app.reports import contracts
    from expo_app.services import contracts_report

    writing.report(contracts_report.read, None, contracts.tables)


PILLS = {
    Registration.SUBMITTED: "info", Registration.REGISTERED: "ok", Registration.RETURNED: "bad",
}  # fmt: skip
DOTS = {
    tech_contracts.DEVELOPMENT: "cat.it", tech_contracts.TRANSFER: "cat.research", tech_contracts.LICENCE: "plum",
    tech_contracts.CONSULTING: "cat.service", tech_contracts.SERVICE: "cat.energy",
}  # fmt: skip
AREA = Area(
    "contracts",
    lists=(
        ListEntry(
            CONTRACTS,
            Rules(
                here=contracts_rules.here,
                before=(contracts_rules.as_signed, deals_rules.one_number_each),
                after=(contracts_rules.written_beside,),
                reviews=(contracts_rules.reviewed, deals_rules.numbers_taken),
            ),
            command_at=42,
            command=N_("contracts 技术合同登记"),
            found=Found(51, ("title", "registration"), ("registry_no", "contract_no")),
            imported=Offer(41, N_("导入登记结果")),
        ),
        ListEntry(
            REGISTRY_CHOICES,
            Rules(reviews=(contracts_lists.same_as_shipped,), shipped=contracts_lists.shipped_rows),
            command_at=142,
            command=N_("registry-choices 登记清单"),
            look=ListLook(N_("登记清单"), N_("共 {n} 项"), N_("名称、代码、拼音首字母")),
            section=SectionDef(33, N_("登记清单"), "file-list-3-line", NAMES, _lists),
        ),
        ListEntry(
            REGISTRY_DEADLINES,
            Rules(reviews=(contracts_lists.same_as_shipped,), shipped=contracts_lists.shipped_rows),
            command_at=143,
            command=N_("registry-deadlines 登记时限"),
            look=ListLook(N_("登记时限"), N_("共 {n} 条")),
            section=SectionDef(34, N_("登记时限"), "time-line", NAMES, _deadlines),
        ),
    ),
    pages=(PageDef("contracts", N_("技术合同"), "file-list-3", _page, TRADE, _count),),
    reports=(
        Document(
            "register",
            N_("技术合同登记表"),
            N_("登记机构的列，金额以元计，还缺的另列一张。"),
            group=FOR_TRADE,
            at=26,
            formats=("xlsx",),
            shape="table",
            write=_register,
            command_at=48,
        ),
    ),
    pills=PILLS,
    dots=DOTS,
)
