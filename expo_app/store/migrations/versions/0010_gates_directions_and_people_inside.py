"""gates, directions and people inside"""

import datetime

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "gate_hours",
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_hours_gate_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_hours")),
    )
    with op.batch_alter_table("gate_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_hours_gate_id"), ["gate_id"], unique=False)

    op.create_table(
        "desk_count",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("place_id", base.Key(), nullable=False),
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("desk_id", base.Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("come", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_count_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_desk_count_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_desk_count_gate_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_count")),
        sa.UniqueConstraint("desk_id", "gate_id", "day", name=op.f("uq_desk_count_desk_id_gate_id_day")),
    )
    with op.batch_alter_table("desk_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_count_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_count_gate_id"), ["gate_id"], unique=False)
        batch_op.create_index("ix_desk_count_place_day", ["place_id", "day"], unique=False)

    op.create_table(
        "desk_signal",
        sa.Column("desk_id", base.Key(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_signal_desk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_signal")),
        sa.UniqueConstraint("desk_id", name=op.f("uq_desk_signal_desk_id")),
    )
    op.create_table(
        "presence",
        sa.Column("place_id", base.Key(), nullable=False),
        sa.Column("attendee_id", base.Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_presence_attendee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("attendee_id", "place_id", "day", name=op.f("uq_presence_attendee_id_place_id_day")),
    )
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("ways", sa.Enum("IN", "OUT", "BOTH", name="ways", native_enum=False, length=24), nullable=True)
        )

    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hall_id", base.Key(), nullable=True))
        batch_op.add_column(sa.Column("follows_programme", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("lead_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("ways", sa.Enum("IN", "OUT", "BOTH", name="ways", native_enum=False, length=24), nullable=True)
        )
        batch_op.add_column(sa.Column("approved_headcount", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "at_capacity", sa.Enum("WARN", "STOP", name="atcapacity", native_enum=False, length=24), nullable=True
            )
        )
        batch_op.add_column(sa.Column("is_stopped", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("stopped_by", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("stopped_at", base.Moment(), nullable=True))
        batch_op.add_column(sa.Column("is_hidden", sa.Boolean(), nullable=True))

    with op.batch_alter_table("hall", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_headcount", sa.Integer(), nullable=True))

    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_headcount", sa.Integer(), nullable=True))

    move_data(op.get_bind())
    fill("gate", "follows_programme", sa.Boolean(), True)
    fill("gate", "lead_minutes", sa.Integer(), 30)
    fill("gate", "ways", sa.Enum("IN", "OUT", "BOTH", name="ways", native_enum=False, length=24), "IN")
    fill("gate", "at_capacity", sa.Enum("WARN", "STOP", name="atcapacity", native_enum=False, length=24), "WARN")
    fill("gate", "is_stopped", sa.Boolean(), False)
    fill("gate", "stopped_by", sa.String(length=40), "")
    fill("gate", "is_hidden", sa.Boolean(), False)
    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.alter_column("follows_programme", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("lead_minutes", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column(
            "ways",
            existing_type=sa.Enum("IN", "OUT", "BOTH", name="ways", native_enum=False, length=24),
            nullable=False,
        )
        batch_op.alter_column(
            "at_capacity",
            existing_type=sa.Enum("WARN", "STOP", name="atcapacity", native_enum=False, length=24),
            nullable=False,
        )
        batch_op.alter_column("is_stopped", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("stopped_by", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("is_hidden", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_index(batch_op.f("ix_gate_hall_id"), ["hall_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_gate_hall_id"), "hall", ["hall_id"], ["id"], ondelete="CASCADE")
        batch_op.drop_column("opens")
        batch_op.drop_column("closes")


def move_data(connection: sa.Connection) -> None:
    """Rooms go on opening an hour ahead; the hours of a gate become rows; who came on which day is counted.

    Nobody was scanned going out yet: the first scan of a day that let somebody into a place is when they came.
    """
    connection.execute(sa.text("UPDATE gate SET lead_minutes = 60"))
    connection.execute(
        sa.text(
            "INSERT INTO gate_hours (id, gate_id, day, opens, closes)"
            " SELECT id, id, NULL, COALESCE(opens, :midnight), COALESCE(closes, :midnight)"
            " FROM gate WHERE opens IS NOT NULL OR closes IS NOT NULL"
        ).bindparams(sa.bindparam("midnight", datetime.time(), sa.Time()))
    )
    for statement in (
        "CREATE TEMPORARY TABLE let_in AS"
        " SELECT check_in.id, check_in.expo_id, COALESCE(gate.room_id, check_in.expo_id) AS place_id, gate_id, desk_id,"
        " attendee_id, local_day, at, row_number() OVER (PARTITION BY attendee_id,"
        " COALESCE(gate.room_id, check_in.expo_id), local_day ORDER BY check_in.id) AS nth"
        " FROM check_in JOIN gate ON gate.id = check_in.gate_id"
        " WHERE attendee_id IS NOT NULL AND verdict IN ('ADMITTED', 'AGAIN') AND undone_at IS NULL",
        "INSERT INTO presence (id, place_id, attendee_id, day, is_inside, at)"
        " SELECT id, place_id, attendee_id, local_day, TRUE, at FROM let_in WHERE nth = 1",
        "INSERT INTO desk_count (id, expo_id, place_id, gate_id, desk_id, day, come, gone)"
        " SELECT id, expo_id, place_id, gate_id, desk_id, local_day, come, 0 FROM ("
        "SELECT let_in.*, COUNT(*) OVER (PARTITION BY desk_id, gate_id, local_day) AS come,"
        " row_number() OVER (PARTITION BY desk_id, gate_id, local_day ORDER BY id) AS row_no"
        " FROM let_in WHERE nth = 1) AS counted WHERE row_no = 1",
        "DROP TABLE let_in",
    ):
        connection.execute(sa.text(statement))
