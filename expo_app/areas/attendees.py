"""观众登记."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import ON_SITE, Area, ListEntry, PageDef
from expo_app.documents import FOR_STAFF, Document
from expo_app.i18n import N_
from expo_app.services import attendees_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import ATTENDEES, PEOPLE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.attendees import AttendeesPage

    return AttendeesPage(context)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import attendance_summary
    from expo_app.services.statistics.attendance import read_attendance

    return SummaryPart(read_attendance, attendance_summary.chapter)


AREA = Area(
    "attendees",
    lists=(
        ListEntry(
            ATTENDEES,
            Rules(before=(attendees_rules.fill_in,), reviews=(attendees_rules.badges_in_hand,)),
            command_at=20,
            command=N_("attendees 参会人员"),
        ),
        ListEntry(PEOPLE, command_at=80),
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
)
