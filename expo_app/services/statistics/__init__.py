"""The one place of published figures: dashboard, ledger, reports and Excel all ask here.

    overview(db, expo_id, now)      the dashboard            attendance(db, expo_id)         visits and visitors
    exhibition(db, expo_id)         exhibitors and area      programme_figures(db, expo_id)  items, speakers, pitches
    deal_figures(db, expo_id)       T1, stages, days, top    deal_totals(db, expo_id, ids)   the ledger's totals row
    traced(db, figure)              ids of the records a figure was counted from

Counting follows GB/T 26165 (terms) and ISO 25639-2 (visits and visitors); no conformity with GB/T 30521 is claimed.
"""

import uuid

from expo_app.services import records
from expo_app.services.statistics.attendance import attendance
from expo_app.services.statistics.deals import deal_figures, deal_totals
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.overview import overview
from expo_app.services.statistics.programme import programme_figures
from expo_app.specs.figures import Figure
from expo_app.store.database import Database

__all__ = ["attendance", "deal_figures", "deal_totals", "exhibition", "overview", "programme_figures", "traced"]


def traced(db: Database, figure: Figure) -> list[uuid.UUID]:
    """Ids of the records of `figure.trace.spec` that the figure was counted from; none without a trace."""
    return [] if figure.trace is None else list(records.traced(db, figure.trace))
