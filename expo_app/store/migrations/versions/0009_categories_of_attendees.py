"""categories of attendees"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import words

KEYS = ("id", "expo_id")
COLUMNS = ("key", "name", "name_en", "counts_as", "letter", "colour", "aliases", "valid_days")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("visitor", "观众", "Visitor", "VISITOR", "V", "GREEN", None, None),
    ("trade_visitor", "专业观众", "Professional visitor", "TRADE_VISITOR", "V", "GREEN", None, None),
    ("exhibitor", "参展商", "Exhibitor", "EXHIBITOR", "E", "BLUE", None, None),
    ("guest", "嘉宾", "Guest", "NOBODY", "S", "PURPLE", None, None),
    ("speaker", "演讲人", "Speaker", "NOBODY", "S", "PURPLE", None, None),
    ("investor", "投资人", "Investor", "TRADE_VISITOR", "V", "TEAL", None, None),
    ("media", "媒体", "Media", "STAFF", "M", "ORANGE", None, None),
    ("staff", "工作人员", "Staff", "STAFF", "W", "GREY", None, None),
    ("build_up", "布撤展", "Build-up crew", "NOBODY", "B", "GREY", ["布展", "撤展", "搭建"], []),
)
"""What version 0.1.0 had fixed, and build-up crew, which is let in on no day before the organiser says on which."""
CATEGORIES = [{**dict(zip(COLUMNS, row, strict=True)), "is_hidden": False} for row in ROWS]


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "counts_as",
            sa.Enum(
                "VISITOR",
                "TRADE_VISITOR",
                "EXHIBITOR",
                "STAFF",
                "NOBODY",
                name="countsas",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column(
            "colour",
            sa.Enum(
                "BLUE",
                "GREEN",
                "ORANGE",
                "PINK",
                "TEAL",
                "PURPLE",
                "RED",
                "GREY",
                name="colour",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("valid_days", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("quota_area", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("quota_least", sa.Integer(), nullable=True),
        sa.Column("quota_each", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_category_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("expo_id", "key", name=op.f("uq_category_expo_id_key")),
    )
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "gate_category",
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("category_id", base.Key(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_gate_category_category_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_category_gate_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_category")),
        sa.UniqueConstraint("gate_id", "category_id", name=op.f("uq_gate_category_gate_id_category_id")),
        info={"title": "入口与通道"},
    )
    with op.batch_alter_table("gate_category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_category_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_category_gate_id"), ["gate_id"], unique=False)

    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category_id", base.Key(), nullable=True))

    move_data(op.get_bind())
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.alter_column("category_id", existing_type=base.Key(), nullable=False)
        batch_op.drop_index(batch_op.f("ix_attendee_expo_category"))
        batch_op.create_index(batch_op.f("ix_attendee_category_id"), ["category_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_attendee_category_id"), "category", ["category_id"], ["id"])
        batch_op.drop_column("category")

    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.alter_column("badge_quota", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.drop_column("categories")


def move_data(connection: sa.Connection) -> None:
    """Every expo has the categories there were as rows; people, gates and what imports kept hold their ids."""
    ids = words.add(connection, "category", words.expos(connection), CATEGORIES)
    words.keep_ids(connection, "attendee", "category", "category_id", ids)
    json_type = sa.JSON(none_as_null=True)
    gate = sa.table("gate", *(sa.column(name, base.Key()) for name in KEYS), sa.column("categories", json_type))
    pair = sa.table("gate_category", *(sa.column(name, base.Key()) for name in ("id", "gate_id", "category_id")))
    for gate_id, expo_id, names in connection.execute(sa.select(gate)).all():
        for name in names or ():
            values = {"id": base.new_id(), "gate_id": gate_id, "category_id": ids[expo_id, name]}
            connection.execute(pair.insert().values(values))
