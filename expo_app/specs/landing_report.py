"""What the landing report is printed from: plain data that `services.landing_report` reads."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.specs.follow_up_figures import LandingFigures
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class LandingData:
    """The figures of one day, of one reading."""

    head: Head
    figures: LandingFigures
