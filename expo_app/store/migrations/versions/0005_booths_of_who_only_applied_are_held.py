"""booths of who only applied are held"""

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    move_data(op.get_bind())


def move_data(connection: sa.Connection) -> None:
    """A booth is confirmed with its exhibitor; until then, and after a cancellation, it is held."""
    connection.execute(
        sa.text(
            "UPDATE booth SET state = 'HELD' WHERE exhibitor_id IN"
            " (SELECT id FROM exhibitor WHERE state IN ('APPLIED', 'REVIEWED', 'CANCELLED'))"
        )
    )
