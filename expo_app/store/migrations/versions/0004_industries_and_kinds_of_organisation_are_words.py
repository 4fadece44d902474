"""industries and kinds of organisation are words"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import words


def _word(
    key: str, name: str, name_en: str, colour: str | None = None, pattern: str | None = None
) -> dict[str, object]:
    look = {"colour": colour, "pattern": pattern}
    return {"key": key, "name": name, "name_en": name_en, "is_hidden": False, **look}


INDUSTRIES = (
    _word("it", "信息技术", "Information technology", "BLUE", "DOTTED"),
    _word("energy", "新能源", "New energy", "GREEN", "HORIZONTAL"),
    _word("mfg", "高端制造", "High-end manufacturing", "ORANGE", "VERTICAL"),
    _word("health", "健康医疗", "Health and medicine", "PINK", "GRID"),
    _word("other", "其他行业", "Other industries", "GREY", "SOLID"),
)
KINDS = (
    _word("enterprise", "企业", "Enterprise"),
    _word("research", "科研院所", "Research institute", "TEAL", "BACK"),
    _word("university", "高等院校", "University", "TEAL", "BACK"),
    _word("service", "技术服务机构", "Technology service provider", "GREY", "SOLID"),
    _word("government", "政府机关", "Government", "GREY", "SOLID"),
    _word("investor", "投资机构", "Investor", "GREY", "SOLID"),
    _word("park", "园区运营", "Park operator", "GREY", "SOLID"),
    _word("alliance", "联盟 / 共同体", "Alliance", "GREY", "SOLID"),
    _word("media", "媒体", "Media", "GREY", "SOLID"),
    _word("other", "其他", "Other"),
)


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_id", base.Key(), nullable=True))
        batch_op.add_column(sa.Column("industry_id", base.Key(), nullable=True))

    move_data(op.get_bind())
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_industry_id"), ["industry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_kind_id"), ["kind_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_organisation_industry_id"), "word", ["industry_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_organisation_kind_id"), "word", ["kind_id"], ["id"])
        batch_op.drop_column("kind")
        batch_op.drop_column("industry")


def move_data(connection: sa.Connection) -> None:
    """What had five industries and ten kinds of organisation goes on having them, now as words of the file."""
    if not connection.scalar(sa.text("SELECT count(*) FROM organisation")) and not words.expos(connection):
        return
    for old, new, vocabulary, rows in (
        ("industry", "industry_id", "INDUSTRY", INDUSTRIES),
        ("kind", "kind_id", "ORGANISATION_KIND", KINDS),
    ):
        ids = words.add(connection, "word", [None], [{"vocabulary": vocabulary, **row} for row in rows])
        words.keep_ids(connection, "organisation", old, new, ids)
