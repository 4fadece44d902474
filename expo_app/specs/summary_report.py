"""What the summary report is printed from: plain data that `services.summary_report` reads."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.specs.attendance_figures import Attendance
from expo_app.specs.deals_figures import DealFigures
from expo_app.specs.exhibition_figures import Exhibition
from expo_app.specs.programme_figures import ProgrammeFigures
from expo_app.specs.programme_report import ProgrammeEntry
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class SummaryData:
    """Everything the summary report says."""

    head: Head
    attendance: Attendance
    exhibition: Exhibition
    programme: ProgrammeFigures
    deals: DealFigures
    entries: tuple[ProgrammeEntry, ...]
