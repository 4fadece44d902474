"""跟进任务, 付款与里程碑, 投诉与纠纷; what became of what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import ON_THE_SPOT, Area, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import ComplaintState, MilestoneKind, TaskState
from expo_app.services import follow_up_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import COMPLAINTS, CONTRACTS, EXPOS, MILESTONES, TASKS
from expo_app.specs.list_look import ListLook

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

PAGE = "follow_up"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.follow_up import FollowUpPage

    return FollowUpPage(context)


def _landing(writing: Writing) -> None:
    from expo_app.reports import landing
    from expo_app.services import landing_report

    writing.report(partial(landing_report.read, day=writing.day), landing.write, landing.tables)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import follow_up_summary
    from expo_app.services.statistics.follow_up import read_chapter

    return SummaryPart(read_chapter, follow_up_summary.chapter, is_short=False)


def _complaint(context: Context) -> Mapping[str, Any]:
    """A new complaint is received now."""
    return {"received_at": context.now(), "handler": context.actor.name}


PILLS = {
    TaskState.OPEN: "info", TaskState.DONE: "ok", ComplaintState.OPEN: "warn", ComplaintState.SETTLED: "ok",
    ComplaintState.FORWARDED: "info", MilestoneKind.PAYMENT: "info",
}  # fmt: skip
AREA = Area(
    "follow_up",
    lists=(
        ListEntry(
            TASKS,
            Rules(before=(follow_up_rules.fill_in_tasks,)),
            command_at=45,
            page=PAGE,
            look=ListLook(N_("任务"), N_("共 {n} 件")),
            found=Found(20, ("title", "task_no", "assignee", "due_on"), ("subject",)),
            new=Offer(20, N_("新增跟进任务")),
            imported=Offer(20, N_("导入跟进任务")),
        ),
        ListEntry(
            MILESTONES,
            Rules(
                before=(follow_up_rules.fill_in_milestones,),
                after=(follow_up_rules.registration_of_patents,),
                reviews=(follow_up_rules.above_amount,),
                gone=(follow_up_rules.registration_goes,),
            ),
            command_at=46,
            page=PAGE,
            look=ListLook(N_("付款与里程碑"), N_("共 {n} 笔")),
            imported=Offer(21, N_("导入付款与里程碑")),
        ),
        ListEntry(
            COMPLAINTS,
            Rules(before=(follow_up_rules.fill_in_complaints,)),
            command_at=119,
            look=ListLook(N_("投诉"), N_("共 {n} 件"), N_("编号、事由、单位、经办人"), begins=_complaint),
            section=SectionDef(26, N_("投诉与纠纷"), "file-warning-line", ON_THE_SPOT),
            new=Offer(22, N_("登记投诉")),
        ),
    ),
    adds=(
        (EXPOS, Rules(after=(follow_up_rules.filed_again,))),
        (CONTRACTS, Rules(after=(follow_up_rules.registered_in_contract,))),
    ),
    reports=(
        Document(
            "landing",
            N_("落地跟踪报告"),
            N_("截至任一天，签约项目各到哪一步，付款、落地率和意向的去向。"),
            group=FOR_TRADE,
            at=27,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_landing,
            command_at=45,
            of_day=True,
        ),
    ),
    pages=(PageDef(PAGE, N_("跟进"), "checkbox-circle", _page, inside="home"),),
    summary=_summary,
    pills=PILLS,
)
