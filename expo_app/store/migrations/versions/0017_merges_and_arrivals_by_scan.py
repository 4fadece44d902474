"""merges and arrivals by scan"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "not_same",
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("one_id", base.Key(), nullable=False),
        sa.Column("other_id", base.Key(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_not_same_one_id_other_id")),
    )
    with op.batch_alter_table("not_same", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_same_other_id"), ["other_id"], unique=False)

    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrives_by_scan", sa.Boolean(), nullable=True))

    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.Enum("IMPORT", "MERGE", name="batchkind", native_enum=False, length=24), nullable=True)
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("aliases", base.Texts(), nullable=True))

    fill("expo", "arrives_by_scan", sa.Boolean(), True)
    fill("import_batch", "kind", sa.Enum("IMPORT", "MERGE", name="batchkind", native_enum=False, length=24), "IMPORT")
    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.alter_column("arrives_by_scan", existing_type=sa.Boolean(), nullable=False)

    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.alter_column(
            "kind",
            existing_type=sa.Enum("IMPORT", "MERGE", name="batchkind", native_enum=False, length=24),
            nullable=False,
        )
