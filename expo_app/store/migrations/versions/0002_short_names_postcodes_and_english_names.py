"""short names postcodes and english names"""

import sqlalchemy as sa
from alembic import op

from expo_app.store.migrations import fill


def upgrade() -> None:
    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_en", sa.String(length=300), nullable=True))

    with op.batch_alter_table("hall", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=80), nullable=True))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("short_name", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("postcode", sa.String(length=6), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=120), nullable=True))

    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=80), nullable=True))

    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=160), nullable=True))

    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=80), nullable=True))

    fill("achievement", "title_en", sa.String(length=300), "")
    fill("hall", "name_en", sa.String(length=80), "")
    fill("organisation", "short_name", sa.String(length=40), "")
    fill("organisation", "postcode", sa.String(length=6), "")
    fill("person", "name_en", sa.String(length=120), "")
    fill("room", "name_en", sa.String(length=80), "")
    fill("venue", "name_en", sa.String(length=160), "")
    fill("zone", "name_en", sa.String(length=80), "")
    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.alter_column("title_en", existing_type=sa.String(length=300), nullable=False)

    with op.batch_alter_table("hall", schema=None) as batch_op:
        batch_op.alter_column("name_en", existing_type=sa.String(length=80), nullable=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("short_name", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("postcode", existing_type=sa.String(length=6), nullable=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("name_en", existing_type=sa.String(length=120), nullable=False)

    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.alter_column("name_en", existing_type=sa.String(length=80), nullable=False)

    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.alter_column("name_en", existing_type=sa.String(length=160), nullable=False)

    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.alter_column("name_en", existing_type=sa.String(length=80), nullable=False)
