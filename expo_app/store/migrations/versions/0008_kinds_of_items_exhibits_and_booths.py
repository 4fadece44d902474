"""kinds of items exhibits and booths"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import words


def upgrade() -> None:
    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_id", base.Key(), nullable=True))

    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_id", base.Key(), nullable=True))

    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_id", base.Key(), nullable=True))

    move_data(op.get_bind())
    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.alter_column("kind_id", existing_type=base.Key(), nullable=False)
        batch_op.create_index(batch_op.f("ix_achievement_kind_id"), ["kind_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_achievement_kind_id"), "word", ["kind_id"], ["id"])
        batch_op.drop_column("kind")

    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.alter_column("kind_id", existing_type=base.Key(), nullable=False)
        batch_op.create_index(batch_op.f("ix_booth_kind_id"), ["kind_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_booth_kind_id"), "word", ["kind_id"], ["id"])
        batch_op.drop_column("kind")

    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.alter_column("kind_id", existing_type=base.Key(), nullable=False)
        batch_op.create_index(batch_op.f("ix_programme_item_kind_id"), ["kind_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_programme_item_kind_id"), "word", ["kind_id"], ["id"])
        batch_op.drop_column("kind")


def move_data(connection: sa.Connection) -> None:
    """Every expo gets the kinds that were fixed so far as words of its own, and its records their ids."""
    homes = words.expos(connection)
    for table, vocabulary, rows in (
        ("programme_item", "ITEM_KIND", ITEM_KINDS),
        ("achievement", "ACHIEVEMENT_KIND", ACHIEVEMENT_KINDS),
        ("booth", "BOOTH_KIND", BOOTH_KINDS),
    ):
        known = [dict(zip(NAMES, row, strict=True)) for row in rows]
        blank = {"vocabulary": vocabulary, "is_hidden": False}
        ids = words.add(connection, "word", homes, [{**blank, **row} for row in known])
        words.keep_ids(connection, table, "kind", "kind_id", ids)


NAMES = ("key", "name", "name_en", "colour", "role", "aliases")
ITEM_KINDS = (
    ("ceremony", "开幕式", "Opening ceremony", "PINK", "CEREMONY", None),
    ("forum", "论坛", "Forum", "BLUE", "FORUM", ["峰会", "研讨会", "大会"]),
    ("roadshow", "路演", "Roadshow", "TEAL", "ROADSHOW", None),
    ("matching", "对接", "Matchmaking", "GREEN", "MATCHING", ["对接会"]),
    ("signing", "签约", "Signing", "ORANGE", "SIGNING", ["签约仪式"]),
    ("auction", "拍卖", "Auction", "PURPLE", "AUCTION", ["竞价", "竞价会"]),
    ("other", "其他", "Other", "GREY", "OTHER", None),
)
ACHIEVEMENT_KINDS = (
    ("result", "科技成果", "Research result", "BLUE", None, ["成果"]),
    ("product", "产品", "Product", "GREEN", None, None),
    ("service", "服务", "Service", None, None, None),
    ("patent", "专利", "Patent", "PURPLE", None, None),
)
BOOTH_KINDS = (
    ("shell_scheme", "标准展台", "Standard booth", None, "SHELL_SCHEME", ["标准展位", "标展"]),
    ("raw_space", "光地特装", "Raw space", None, "RAW_SPACE", ["特装", "光地"]),
)
