"""What the landing report is made from, read in one go; figures come from `services.statistics.landing`."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from expo_app.model import Expo
from expo_app.services.report_head import in_english, names_in_english, read_head
from expo_app.services.statistics.landing import read_landing
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.follow_up_figures import LandingLine
from expo_app.specs.landing_report import LandingData
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime, day: date) -> LandingData:
    """What had become of the expo's deals by the end of `day`."""
    with db.reading() as session:
        head = read_head(session, session.get_one(Expo, expo_id), now)
        figures, names = read_landing(session, scope_of(session, expo_id), day), names_in_english(session)

    def said(line: LandingLine) -> LandingLine:
        return replace(line, parties=in_english(line.parties, names))

    lines, intentions = tuple(map(said, figures.lines)), tuple(map(said, figures.intentions))
    return LandingData(head, replace(figures, lines=lines, intentions=intentions))
