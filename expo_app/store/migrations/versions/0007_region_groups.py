"""region groups"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base


def upgrade() -> None:
    op.create_table(
        "region_group",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("prefixes", sa.JSON(), nullable=False),
        sa.Column("rolls_up", sa.String(length=6), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_region_group_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_group")),
        sa.UniqueConstraint("expo_id", "name", name=op.f("uq_region_group_expo_id_name")),
    )
    with op.batch_alter_table("region_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_group_expo_id"), ["expo_id"], unique=False)

    move_data(op.get_bind())


GROUPS = (
    ("嘉定", "Jiading", ["310114"], None),
    ("苏州市区", "Suzhou city", ["32050"], None),
    ("昆山", "Kunshan", ["320583"], "320500"),
    ("太仓", "Taicang", ["320585"], "320500"),
    ("温州", "Wenzhou", ["3303"], None),
)
"""What every expo was grouped by until now."""


def move_data(connection: sa.Connection) -> None:
    """An expo that is there keeps the groups it had, so that its figures and documents stay as they were."""
    expo = sa.table("expo", sa.column("id", base.Key()))
    group = sa.table(
        "region_group",
        sa.column("id", base.Key()),
        sa.column("expo_id", base.Key()),
        sa.column("position", sa.Integer()),
        sa.column("name", sa.String()),
        sa.column("name_en", sa.String()),
        sa.column("prefixes", sa.JSON()),
        sa.column("rolls_up", sa.String()),
    )
    rows = [
        {
            "id": base.new_id(), "expo_id": key, "position": place, "name": name, "name_en": name_en,
            "prefixes": prefixes, "rolls_up": rolls_up,
        }
        for key in connection.scalars(sa.select(expo.c.id))
        for place, (name, name_en, prefixes, rolls_up) in enumerate(GROUPS, 1)
    ]  # fmt: skip
    if rows:
        connection.execute(group.insert(), rows)
