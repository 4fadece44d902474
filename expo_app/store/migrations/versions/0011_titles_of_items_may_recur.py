"""titles of items may recur"""

from alembic import op


def upgrade() -> None:
    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_programme_item_expo_id_title"), type_="unique")
