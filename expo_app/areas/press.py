"""发布口径 and 每日快报."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Act, Area
from expo_app.documents import FOR_LEADERS, Document, Writing
from expo_app.i18n import N_
from expo_app.routes.statistics import StatisticsRoute
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart


def _press(writing: Writing) -> None:
    from expo_app.reports import press as page
    from expo_app.services import press

    writing.report(press.read, page.write)


def _press_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    from expo_app.services import press

    return press.as_json(db, expo_id, now)


def _bulletin(writing: Writing) -> None:
    from expo_app.reports import bulletin as pages
    from expo_app.services import bulletin

    writing.report(partial(bulletin.read, day=writing.day), pages.write, pages.tables)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import press_summary
    from expo_app.services import press

    return SummaryPart(press.published, press_summary.chapter, is_short=False)


AREA = Area(
    "press",
    summary=_summary,
    acts=(Act(N_("打开发布口径"), "statistics", "profile-line", "press.approve", StatisticsRoute(face="press")),),
    reports=(
        Document(
            "press",
            N_("发布口径"),
            N_("一页五个数：参展、活动、观众、签约、意向，各带定义和时点。"),
            group=FOR_LEADERS,
            at=14,
            formats=("pdf",),
            shape="chart",
            write=_press,
            command_at=56,
            as_json=_press_json,
            of_moment=True,
        ),
        Document(
            "bulletin",
            N_("每日快报"),
            N_("一天的观众、活动、签约、在场与拦下的扫码，附明日活动。"),
            group=FOR_LEADERS,
            at=16,
            formats=("pdf", "xlsx"),
            shape="chart",
            write=_bulletin,
            command_at=46,
            of_day=True,
        ),
    ),
)
