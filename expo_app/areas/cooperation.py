"""区域协同: co-operation across regions and editions, its index, and what others published."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import NAMES, Area, ListEntry, Offer, SectionDef
from expo_app.documents import FOR_LEADERS, Document, Writing
from expo_app.i18n import N_
from expo_app.specs import INDEX_POINTS
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from expo_app.documents.summary import SummaryPart
    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.sharing_figures import ClosingCooperation


def _report(writing: Writing) -> None:
    from expo_app.reports import cooperation
    from expo_app.services import cooperation_report

    writing.report(cooperation_report.read, cooperation.write, cooperation.tables)


def _json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    from expo_app.services import cooperation_report

    return cooperation_report.as_json(db, expo_id, now)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports.cooperation_chapter import chapter
    from expo_app.services.statistics.cooperation import read_cooperation
    from expo_app.services.statistics.sharing import read_sharing
    from expo_app.specs.sharing_figures import ClosingCooperation as Told

    def read(session: Session, scope: Scope) -> ClosingCooperation:
        return Told(read_cooperation(session, scope), read_sharing(session, scope))

    return SummaryPart(read, chapter, is_short=False)


AREA = Area(
    "cooperation",
    lists=(
        ListEntry(
            INDEX_POINTS,
            command_at=199,
            command=N_("index-points 已发布指数"),
            look=ListLook(N_("已发布指数"), N_("共 {n} 条"), N_("指数名称")),
            section=SectionDef(37, N_("已发布指数"), "bar-chart-box-line", NAMES),
            imported=Offer(99, N_("导入已发布指数")),
        ),
    ),
    reports=(
        Document(
            "index",
            N_("区域协同指数"),
            N_("跨地区的参展、成交、用券和入驻，按年的指数和流向，旁边是别人发布的指数。"),
            group=FOR_LEADERS,
            at=67,
            formats=("pdf", "xlsx"),
            shape="chart",
            write=_report,
            command_at=67,
            command=N_("index 区域协同指数"),
            as_json=_json,
        ),
    ),
    summary=_summary,
)
