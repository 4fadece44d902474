"""venues areas and permits of an expo"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "expo_venue",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("venue_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_expo_venue_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_expo_venue_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expo_venue")),
        sa.UniqueConstraint("expo_id", "venue_id", name=op.f("uq_expo_venue_expo_id_venue_id")),
        info={"title": "展会"},
    )
    with op.batch_alter_table("expo_venue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expo_venue_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expo_venue_venue_id"), ["venue_id"], unique=False)

    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_paid", sa.Boolean(), nullable=True))

    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("theme_en", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("net_area", sa.Numeric(precision=10, scale=2), nullable=True))
        batch_op.add_column(sa.Column("paid_area", sa.Numeric(precision=10, scale=2), nullable=True))
        batch_op.add_column(sa.Column("gross_area", sa.Numeric(precision=10, scale=2), nullable=True))
        batch_op.add_column(sa.Column("filing_no", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("filed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("permit_no", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("approved_headcount", sa.Integer(), nullable=True))

    move_data(op.get_bind())
    fill("expo", "theme_en", sa.String(length=200), "")
    fill("expo", "filing_no", sa.String(length=60), "")
    fill("expo", "permit_no", sa.String(length=60), "")
    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.alter_column("theme_en", existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column("filing_no", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("permit_no", existing_type=sa.String(length=60), nullable=False)
        batch_op.drop_index(batch_op.f("ix_expo_venue_id"))
        batch_op.drop_constraint(batch_op.f("fk_expo_venue_id"), type_="foreignkey")
        batch_op.drop_column("venue_id")


def move_data(connection: sa.Connection) -> None:
    """The one venue an expo had is its first."""
    rows = connection.execute(sa.text("SELECT id, venue_id FROM expo WHERE venue_id IS NOT NULL")).all()
    insert = sa.text("INSERT INTO expo_venue (id, expo_id, venue_id, position) VALUES (:id, :expo_id, :venue_id, 0)")
    insert = insert.bindparams(sa.bindparam("id", type_=base.Key()))
    for expo_id, venue_id in rows:
        connection.execute(insert, {"id": base.new_id(), "expo_id": expo_id, "venue_id": venue_id})
