"""scans found by their person"""

from alembic import op


def upgrade() -> None:
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_attendee_id"), ["attendee_id"], unique=False)
