"""What the summary report is made from, read in one go."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from expo_app.model import Expo
from expo_app.services.programme_report import read_entries
from expo_app.services.report_head import in_english, names_in_english, read_head
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.deals import read_deal_figures
from expo_app.services.statistics.exhibition import read_exhibition
from expo_app.services.statistics.programme import read_programme_figures
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.summary_report import SummaryData
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> SummaryData:
    """Everything the summary report says, of one moment."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        figures, names = read_deal_figures(session, scope), names_in_english(session)
        top = tuple(replace(deal, parties=in_english(deal.parties, names)) for deal in figures.top)
        return SummaryData(
            read_head(session, expo, now),
            read_attendance(session, scope),
            read_exhibition(session, scope),
            read_programme_figures(session, scope),
            replace(figures, top=top),
            read_entries(session, expo),
        )
