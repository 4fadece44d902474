"""memory of imports and other names of organisations"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base


def upgrade() -> None:
    op.create_table(
        "import_memory",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_memory")),
        sa.UniqueConstraint("kind", "fingerprint", name=op.f("uq_import_memory_kind_fingerprint")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True))
