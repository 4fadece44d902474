"""The one place of published figures: screens, reports and Excel all ask here, each area's figures in its own file.

Counting follows GB/T 26165 (terms) and ISO 25639-2 (visits and visitors); no conformity with GB/T 30521 is claimed.
"""

import uuid

from expo_app.services import records
from expo_app.specs.figures import Figure
from expo_app.store.database import Database


def traced(db: Database, figure: Figure) -> list[uuid.UUID]:
    """Ids of the records of `figure.trace.spec` that the figure was counted from; none without a trace."""
    return [] if figure.trace is None else list(records.traced(db, figure.trace))
