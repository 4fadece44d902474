"""words of vocabularies"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("expo_id", base.Key(), nullable=True),
        sa.Column(
            "vocabulary",
            sa.Enum(
                "INDUSTRY",
                "ORGANISATION_KIND",
                "ITEM_KIND",
                "ACHIEVEMENT_KIND",
                "BOOTH_KIND",
                name="vocabulary",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True),
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
        sa.Column(
            "pattern",
            sa.Enum(
                "SOLID",
                "DOTTED",
                "HORIZONTAL",
                "VERTICAL",
                "GRID",
                "BACK",
                name="pattern",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "CEREMONY",
                "FORUM",
                "ROADSHOW",
                "MATCHING",
                "SIGNING",
                "AUCTION",
                "OTHER",
                "SHELL_SCHEME",
                "RAW_SPACE",
                name="wordrole",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_word_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
        sa.UniqueConstraint("expo_id", "vocabulary", "key", name=op.f("uq_word_expo_id_vocabulary_key")),
    )
    with op.batch_alter_table("word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_word_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index("ix_word_vocabulary_name", ["vocabulary", "name"], unique=False)

    op.create_table(
        "word_choice",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("word_id", base.Key(), nullable=False),
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
        sa.Column(
            "pattern",
            sa.Enum(
                "SOLID",
                "DOTTED",
                "HORIZONTAL",
                "VERTICAL",
                "GRID",
                "BACK",
                name="pattern",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_word_choice_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["word_id"], ["word.id"], name=op.f("fk_word_choice_word_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_choice")),
        sa.UniqueConstraint("expo_id", "word_id", name=op.f("uq_word_choice_expo_id_word_id")),
    )
    with op.batch_alter_table("word_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_word_choice_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_word_choice_word_id"), ["word_id"], unique=False)
