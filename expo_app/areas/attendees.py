"""观众登记."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import NAMES, ON_SITE, Area, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.documents import FOR_STAFF, Document
from expo_app.i18n import N_
from expo_app.model import AttendeeState
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import attendees_merging, attendees_rules, categories, duplicates
from expo_app.services.record_rules import Rules
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.specs.list_look import ALL, MERGE, ListLook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from expo_app.documents.summary import SummaryPart
    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.attendees import AttendeesPage

    return AttendeesPage(context)


COUNTED_BY_DESKS = "peak_inside"
"""The figure that desks add up as they go: what it would be as if something else were true, only a recount tells."""


def _figures(session: Session, scope: Scope) -> Sequence[Figure]:
    from expo_app.services.statistics.audience import read_whole as read

    return [figure for figure in read(session, scope).figures if figure.name != COUNTED_BY_DESKS]


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import attendance_summary
    from expo_app.services.statistics.audience import read_whole

    return SummaryPart(read_whole, attendance_summary.chapter)


AREA = Area(
    "attendees",
    lists=(
        ListEntry(
            ATTENDEES,
            Rules(
                before=(attendees_rules.fill_in,),
                reviews=(attendees_rules.badges_in_hand, attendees_rules.same_days, categories.notes_of_quotas),
                folding=attendees_merging.FOLDING,
            ),
            command_at=20,
            command=N_("attendees 参会人员"),
            found=Found(3, ("person.name", "organisation_id", "badge_no", "category_id"), ("person.phone",)),
            new=Offer(2, N_("新增人员")),
            imported=Offer(2, N_("导入观众名单")),
        ),
        ListEntry(
            PEOPLE,
            Rules(alike=duplicates.like_this),
            command_at=80,
            look=ListLook(N_("人员"), N_("共 {n} 人"), N_("姓名、拼音首字母、手机后四位"), ALL | {MERGE}),
            section=SectionDef(31, N_("人员"), "user-line", NAMES),
        ),
    ),
    pages=(PageDef("attendees", N_("观众登记"), "contacts-book-2", _page, ON_SITE),),
    reports=(
        Document(
            "attendees",
            N_("参会人员名单"),
            N_("全部登记，手机和邮箱已遮挡。"),
            group=FOR_STAFF,
            at=70,
            formats=("xlsx",),
            shape="table",
            write=lambda writing: writing.list_of(ATTENDEES),
        ),
    ),
    summary=_summary,
    figures=_figures,
    steps=(
        FirstStep(
            8,
            "attendees",
            N_("登记观众"),
            N_("从 Excel 导入，或在现场登记"),
            N_("去登记"),
            ListRoute(ATTENDEES),
            lacking=N_("没有登记的人：无证可制，来的人只能现场登记。"),
        ),
        FirstStep(
            37,
            "confirmed",
            N_("确认登记"),
            N_("待确认的人有胸卡也进不了门"),
            N_("去确认"),
            ListRoute(ATTENDEES, facets={"state": AttendeeState.REGISTERED}),
            lacking=N_("没有已确认的登记：扫码一律答“未确认”。"),
            subject=N_("已确认的登记"),
            there=attendees_rules.confirmed_of,
            at_start=False,
        ),
    ),
    pills={AttendeeState.REGISTERED: "warn", AttendeeState.CONFIRMED: "ok"},
)
