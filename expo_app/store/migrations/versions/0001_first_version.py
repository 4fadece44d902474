"""first version"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("record_id", base.Key(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index("ix_audit_record", "audit", ["table_name", "record_id"], unique=False)
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("next_no", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("series", name=op.f("uq_counter_series")),
    )
    op.create_table(
        "operator",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "ADMIN",
                "SUPERVISOR",
                "REGISTRAR",
                "DESK",
                "DEALS",
                "AUDITOR",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_name")),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ENTERPRISE",
                "UNIVERSITY",
                "RESEARCH",
                "SERVICE",
                "GOVERNMENT",
                "INVESTOR",
                "PARK",
                "ALLIANCE",
                "MEDIA",
                "OTHER",
                name="organisationkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column(
            "industry",
            sa.Enum("IT", "ENERGY", "MFG", "HEALTH", "OTHER", name="industry", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisation_credit_code")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_index(op.f("ix_organisation_region_code"), "organisation", ["region_code"], unique=False)
    op.create_table(
        "venue",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("walk_minutes", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("name", name=op.f("uq_venue_name")),
    )
    op.create_table(
        "expo",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("venue_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("rehearsal_at", base.Moment(), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_expo_dates")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_expo_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expo")),
        sa.UniqueConstraint("code", name=op.f("uq_expo_code")),
        sa.UniqueConstraint("name", name=op.f("uq_expo_name")),
    )
    op.create_index(op.f("ix_expo_venue_id"), "expo", ["venue_id"], unique=False)
    op.create_table(
        "hall",
        sa.Column("venue_id", base.Key(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_hall_venue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_hall_venue_id_name")),
    )
    op.create_index(op.f("ix_hall_venue_id"), "hall", ["venue_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_name_phone", "person", ["name", "phone"], unique=False)
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_person_phone"), "person", ["phone"], unique=False)
    op.create_table(
        "room",
        sa.Column("venue_id", base.Key(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("changeover_minutes", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_room_venue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_room_venue_id_name")),
    )
    op.create_index(op.f("ix_room_venue_id"), "room", ["venue_id"], unique=False)
    op.create_table(
        "achievement",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("owner_id", base.Key(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("RESULT", "PRODUCT", "SERVICE", "PATENT", name="achievementkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("trl", sa.Integer(), nullable=True),
        sa.Column(
            "ip_status",
            sa.Enum("NONE", "APPLIED", "GRANTED", "SECRET", name="ipstatus", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("patent_no", sa.String(length=40), nullable=False),
        sa.Column(
            "transfer_way",
            sa.Enum(
                "TRANSFER",
                "LICENCE",
                "COOPERATION",
                "INVESTMENT",
                "SHOW_ONLY",
                name="transferway",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("asking_price", base.Fen(), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("trl IS NULL OR (trl >= 1 AND trl <= 9)", name=op.f("ck_achievement_trl")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_achievement_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_achievement_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
        sa.UniqueConstraint("expo_id", "owner_id", "title", name=op.f("uq_achievement_expo_id_owner_id_title")),
    )
    op.create_index(op.f("ix_achievement_expo_id"), "achievement", ["expo_id"], unique=False)
    op.create_index(op.f("ix_achievement_owner_id"), "achievement", ["owner_id"], unique=False)
    op.create_table(
        "exhibitor",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("main_id", base.Key(), nullable=True),
        sa.Column(
            "kind", sa.Enum("EXHIBITOR", "SERVICE", name="exhibitorkind", native_enum=False, length=24), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "APPLIED",
                "REVIEWED",
                "CONFIRMED",
                "SETTING_UP",
                "ARRIVED",
                "DISMANTLED",
                "CANCELLED",
                name="exhibitorstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("arrived_at", base.Moment(), nullable=True),
        sa.Column("exhibits", sa.String(length=1000), nullable=False),
        sa.Column("wants", sa.String(length=1000), nullable=False),
        sa.Column("contact_id", base.Key(), nullable=True),
        sa.Column("badge_quota", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_exhibitor_contact_id")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_exhibitor_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["main_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_main_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_exhibitor_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor")),
        sa.UniqueConstraint("expo_id", "organisation_id", name=op.f("uq_exhibitor_expo_id_organisation_id")),
    )
    op.create_index(op.f("ix_exhibitor_contact_id"), "exhibitor", ["contact_id"], unique=False)
    op.create_index(op.f("ix_exhibitor_expo_id"), "exhibitor", ["expo_id"], unique=False)
    op.create_index(op.f("ix_exhibitor_main_id"), "exhibitor", ["main_id"], unique=False)
    op.create_index(op.f("ix_exhibitor_organisation_id"), "exhibitor", ["organisation_id"], unique=False)
    op.create_table(
        "expo_organiser",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "HOST",
                "CO_HOST",
                "ORGANIZER",
                "CO_ORGANIZER",
                "SUPPORTER",
                name="organiserrole",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_expo_organiser_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_expo_organiser_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expo_organiser")),
        sa.UniqueConstraint(
            "expo_id", "organisation_id", "role", name=op.f("uq_expo_organiser_expo_id_organisation_id_role")
        ),
    )
    op.create_index(op.f("ix_expo_organiser_expo_id"), "expo_organiser", ["expo_id"], unique=False)
    op.create_index(op.f("ix_expo_organiser_organisation_id"), "expo_organiser", ["organisation_id"], unique=False)
    op.create_table(
        "gate",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("room_id", base.Key(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.Enum("ENTRANCE", "ROOM", name="gatekind", native_enum=False, length=24), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_gate_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_gate_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
        sa.UniqueConstraint("expo_id", "name", name=op.f("uq_gate_expo_id_name")),
    )
    op.create_index(op.f("ix_gate_expo_id"), "gate", ["expo_id"], unique=False)
    op.create_index(op.f("ix_gate_room_id"), "gate", ["room_id"], unique=False)
    op.create_table(
        "hall_feature",
        sa.Column("hall_id", base.Key(), nullable=False),
        sa.Column(
            "kind", sa.Enum("AREA", "ENTRANCE", name="featurekind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_hall_feature_hall_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_feature")),
    )
    op.create_index(op.f("ix_hall_feature_hall_id"), "hall_feature", ["hall_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("expo_id", base.Key(), nullable=True),
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=260), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("undone_at", base.Moment(), nullable=True),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_import_batch_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_expo_id"), "import_batch", ["expo_id"], unique=False)
    op.create_table(
        "programme_item",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("room_id", base.Key(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "CEREMONY",
                "FORUM",
                "ROADSHOW",
                "MATCHING",
                "SIGNING",
                "AUCTION",
                "OTHER",
                name="itemkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("DRAFT", "CONFIRMED", "CANCELLED", name="itemstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=240), nullable=False),
        sa.Column("starts_at", base.Moment(), nullable=True),
        sa.Column("ends_at", base.Moment(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("registrations", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("waivers", sa.JSON(), nullable=True),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_programme_item_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_programme_item_room_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
        sa.UniqueConstraint("expo_id", "title", name=op.f("uq_programme_item_expo_id_title")),
    )
    op.create_index(op.f("ix_programme_item_expo_id"), "programme_item", ["expo_id"], unique=False)
    op.create_index(op.f("ix_programme_item_room_id"), "programme_item", ["room_id"], unique=False)
    op.create_table(
        "zone",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("hall_id", base.Key(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_zone_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_zone_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("expo_id", "code", name=op.f("uq_zone_expo_id_code")),
    )
    op.create_index(op.f("ix_zone_expo_id"), "zone", ["expo_id"], unique=False)
    op.create_index(op.f("ix_zone_hall_id"), "zone", ["hall_id"], unique=False)
    op.create_table(
        "agenda_entry",
        sa.Column("item_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", base.Moment(), nullable=True),
        sa.Column("ends_at", base.Moment(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_item.id"], name=op.f("fk_agenda_entry_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_entry")),
    )
    op.create_index(op.f("ix_agenda_entry_item_id"), "agenda_entry", ["item_id"], unique=False)
    op.create_table(
        "attendee",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("person_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=True),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "VISITOR",
                "TRADE_VISITOR",
                "EXHIBITOR",
                "GUEST",
                "SPEAKER",
                "INVESTOR",
                "MEDIA",
                "STAFF",
                name="category",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("REGISTERED", "CONFIRMED", "CANCELLED", name="attendeestate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("IMPORT", "MANUAL", "WALK_IN", name="attendeesource", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("badge_no", sa.String(length=20), nullable=False),
        sa.Column("valid_days", sa.JSON(), nullable=True),
        sa.Column("registered_at", base.Moment(), nullable=False),
        sa.Column("consent_at", base.Moment(), nullable=True),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_attendee_exhibitor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_attendee_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_attendee_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
        sa.UniqueConstraint("expo_id", "badge_no", name=op.f("uq_attendee_expo_id_badge_no")),
    )
    op.create_index(op.f("ix_attendee_exhibitor_id"), "attendee", ["exhibitor_id"], unique=False)
    op.create_index("ix_attendee_expo_category", "attendee", ["expo_id", "category"], unique=False)
    op.create_index("ix_attendee_expo_person", "attendee", ["expo_id", "person_id"], unique=False)
    op.create_index(op.f("ix_attendee_organisation_id"), "attendee", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_attendee_person_id"), "attendee", ["person_id"], unique=False)
    op.create_table(
        "booth",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("zone_id", base.Key(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind", sa.Enum("SHELL_SCHEME", "RAW_SPACE", name="boothkind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("area", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum("FREE", "HELD", "CONFIRMED", name="boothstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_booth_exhibitor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_booth_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_booth_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth")),
        sa.UniqueConstraint("expo_id", "number", name=op.f("uq_booth_expo_id_number")),
    )
    op.create_index(op.f("ix_booth_exhibitor_id"), "booth", ["exhibitor_id"], unique=False)
    op.create_index(op.f("ix_booth_expo_id"), "booth", ["expo_id"], unique=False)
    op.create_index(op.f("ix_booth_zone_id"), "booth", ["zone_id"], unique=False)
    op.create_table(
        "deal",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("deal_no", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "FRAMEWORK",
                "TECH_CONTRACT",
                "PURCHASE",
                "INVESTMENT",
                "TENANCY",
                "AUCTION_SALE",
                "OTHER",
                name="dealkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "INTENT",
                "SIGNED",
                "REGISTERED",
                "PERFORMING",
                "LANDED",
                "TERMINATED",
                name="dealstage",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "entry",
            sa.Enum("DRAFT", "CHECK", "VALID", "VOID", name="entry", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tech_amount", base.Fen(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("programme_item_id", base.Key(), nullable=True),
        sa.Column("signing_order", sa.Integer(), nullable=True),
        sa.Column("signer_seller", sa.String(length=60), nullable=False),
        sa.Column("signer_buyer", sa.String(length=60), nullable=False),
        sa.Column("witness", sa.String(length=120), nullable=False),
        sa.Column("contract_no", sa.String(length=40), nullable=True),
        sa.Column("contract_kind", sa.String(length=40), nullable=False),
        sa.Column("contract_subkind", sa.String(length=40), nullable=False),
        sa.Column(
            "payment_way",
            sa.Enum("LUMP_SUM", "INSTALMENTS", "ROYALTY", "OTHER", name="paymentway", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("is_related_party", sa.Boolean(), nullable=False),
        sa.Column(
            "plan_source",
            sa.Enum("STATE", "MINISTRY", "PROVINCE", "CITY", "NONE", name="plansource", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("ip_kind", sa.String(length=40), nullable=False),
        sa.Column("tech_field", sa.String(length=40), nullable=False),
        sa.Column("social_goal", sa.String(length=40), nullable=False),
        sa.Column("registry_office", sa.String(length=80), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("registry_no", sa.String(length=20), nullable=False),
        sa.Column(
            "certificate_state",
            sa.Enum("NONE", "APPLIED", "ISSUED", "REFUSED", name="certificatestate", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("not_duplicate_by", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("created_at", base.Moment(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=1200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_deal_amount")),
        sa.CheckConstraint(
            "tech_amount IS NULL OR amount IS NOT NULL AND tech_amount <= amount", name=op.f("ck_deal_tech_amount")
        ),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_deal_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["programme_item_id"], ["programme_item.id"], name=op.f("fk_deal_programme_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("expo_id", "deal_no", name=op.f("uq_deal_expo_id_deal_no")),
    )
    op.create_index(op.f("ix_deal_contract_no"), "deal", ["contract_no"], unique=False)
    op.create_index("ix_deal_expo_entry", "deal", ["expo_id", "entry", "stage"], unique=False)
    op.create_index(op.f("ix_deal_programme_item_id"), "deal", ["programme_item_id"], unique=False)
    op.create_table(
        "desk",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_desk_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_desk_gate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("expo_id", "name", name=op.f("uq_desk_expo_id_name")),
    )
    op.create_index(op.f("ix_desk_expo_id"), "desk", ["expo_id"], unique=False)
    op.create_index(op.f("ix_desk_gate_id"), "desk", ["gate_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("batch_id", base.Key(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("record_id", base.Key(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index(op.f("ix_import_row_batch_id"), "import_row", ["batch_id"], unique=False)
    op.create_index("ix_import_row_record", "import_row", ["table_name", "record_id"], unique=False)
    op.create_table(
        "pitch",
        sa.Column("item_id", base.Key(), nullable=False),
        sa.Column("achievement_id", base.Key(), nullable=False),
        sa.Column("presenter", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("comments", sa.String(length=2000), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("interest", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["achievement_id"], ["achievement.id"], name=op.f("fk_pitch_achievement_id")),
        sa.ForeignKeyConstraint(["item_id"], ["programme_item.id"], name=op.f("fk_pitch_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch")),
        sa.UniqueConstraint("item_id", "achievement_id", name=op.f("uq_pitch_item_id_achievement_id")),
    )
    op.create_index(op.f("ix_pitch_achievement_id"), "pitch", ["achievement_id"], unique=False)
    op.create_index(op.f("ix_pitch_item_id"), "pitch", ["item_id"], unique=False)
    op.create_table(
        "speaker",
        sa.Column("item_id", base.Key(), nullable=False),
        sa.Column("person_id", base.Key(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("SPEAKER", "MODERATOR", "PANELIST", "GUEST", name="speakerrole", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_item.id"], name=op.f("fk_speaker_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_speaker_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("item_id", "person_id", name=op.f("uq_speaker_item_id_person_id")),
    )
    op.create_index(op.f("ix_speaker_item_id"), "speaker", ["item_id"], unique=False)
    op.create_index(op.f("ix_speaker_person_id"), "speaker", ["person_id"], unique=False)
    op.create_table(
        "badge",
        sa.Column("attendee_id", base.Key(), nullable=False),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("issued_at", base.Moment(), nullable=False),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("printed_at", base.Moment(), nullable=True),
        sa.Column("print_count", sa.Integer(), nullable=False),
        sa.Column("handed_over_at", base.Moment(), nullable=True),
        sa.Column("revoked_at", base.Moment(), nullable=True),
        sa.Column("revoked_by", sa.String(length=40), nullable=False),
        sa.Column("revoke_reason", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_badge_attendee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_code")),
    )
    op.create_index(op.f("ix_badge_attendee_id"), "badge", ["attendee_id"], unique=False)
    op.create_index(
        "uq_badge_active",
        "badge",
        ["attendee_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "booth_move",
        sa.Column("booth_id", base.Key(), nullable=False),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_booth_move_booth_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_booth_move_exhibitor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth_move")),
    )
    op.create_index(op.f("ix_booth_move_booth_id"), "booth_move", ["booth_id"], unique=False)
    op.create_index(op.f("ix_booth_move_exhibitor_id"), "booth_move", ["exhibitor_id"], unique=False)
    op.create_table(
        "deal_party",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("SELLER", "BUYER", "PARTY", "WITNESS", name="partyrole", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_party_deal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_deal_party_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_party")),
        sa.UniqueConstraint(
            "deal_id", "organisation_id", "role", name=op.f("uq_deal_party_deal_id_organisation_id_role")
        ),
    )
    op.create_index(op.f("ix_deal_party_deal_id"), "deal_party", ["deal_id"], unique=False)
    op.create_index(op.f("ix_deal_party_organisation_id"), "deal_party", ["organisation_id"], unique=False)
    op.create_table(
        "deal_step",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "INTENT",
                "SIGNED",
                "REGISTERED",
                "PERFORMING",
                "LANDED",
                "TERMINATED",
                name="dealstage",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "entry",
            sa.Enum("DRAFT", "CHECK", "VALID", "VOID", name="entry", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_step_deal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_step")),
    )
    op.create_index(op.f("ix_deal_step_deal_id"), "deal_step", ["deal_id"], unique=False)
    op.create_table(
        "check_in",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("desk_id", base.Key(), nullable=False),
        sa.Column("attendee_id", base.Key(), nullable=True),
        sa.Column("badge_id", base.Key(), nullable=True),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "ADMITTED",
                "AGAIN",
                "UNCONFIRMED",
                "WRONG_TIME",
                "WRONG_PLACE",
                "WRONG_CATEGORY",
                "REVOKED",
                "UNKNOWN",
                "MALFORMED",
                name="verdict",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("direction", sa.Enum("IN", "OUT", name="direction", native_enum=False, length=24), nullable=False),
        sa.Column("method", sa.Enum("SCAN", "MANUAL", name="method", native_enum=False, length=24), nullable=False),
        sa.Column("raw", sa.String(length=256), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("undone_at", base.Moment(), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_check_in_attendee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_check_in_badge_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_check_in_desk_id")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_check_in_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_check_in_gate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index(op.f("ix_check_in_badge_id"), "check_in", ["badge_id"], unique=False)
    op.create_index("ix_check_in_desk_at", "check_in", ["desk_id", "at"], unique=False)
    op.create_index("ix_check_in_expo_day_verdict", "check_in", ["expo_id", "local_day", "verdict"], unique=False)
    op.create_index("ix_check_in_gate_day", "check_in", ["gate_id", "local_day", "at"], unique=False)
    op.create_index(
        "uq_check_in_admitted",
        "check_in",
        ["attendee_id", "gate_id", "local_day"],
        unique=True,
        sqlite_where=sa.text("verdict = 'ADMITTED' AND undone_at IS NULL"),
        postgresql_where=sa.text("verdict = 'ADMITTED' AND undone_at IS NULL"),
    )
