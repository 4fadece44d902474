"""supply demand and meetings"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "matching_settings",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("gap_minutes", sa.Integer(), nullable=False),
        sa.Column("walk_minutes", sa.Integer(), nullable=False),
        sa.Column("sent_at_most", sa.Integer(), nullable=True),
        sa.Column("a_day_at_most", sa.Integer(), nullable=True),
        sa.Column("expires_at", base.Moment(), nullable=True),
        sa.Column("field_points", sa.Integer(), nullable=False),
        sa.Column("word_points", sa.Integer(), nullable=False),
        sa.Column("policy_points", sa.Integer(), nullable=False),
        sa.Column("way_points", sa.Integer(), nullable=False),
        sa.Column("history_points", sa.Integer(), nullable=False),
        sa.Column("matrix", base.Names(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("gap_minutes >= 0", name=op.f("ck_matching_settings_gap")),
        sa.CheckConstraint("slot_minutes > 0", name=op.f("ck_matching_settings_slot")),
        sa.ForeignKeyConstraint(
            ["expo_id"], ["expo.id"], name=op.f("fk_matching_settings_expo_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_settings")),
        sa.UniqueConstraint("expo_id", name=op.f("uq_matching_settings_expo_id")),
    )
    op.create_table(
        "meeting_hours",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_meeting_hours_order")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_meeting_hours_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_hours")),
        sa.UniqueConstraint("expo_id", "day", "opens", name=op.f("uq_meeting_hours_expo_id_day_opens")),
    )
    with op.batch_alter_table("meeting_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_hours_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "region_policy",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("demand_region", sa.String(length=12), nullable=False),
        sa.Column("supply_region", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_region_policy_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_policy")),
        sa.UniqueConstraint(
            "expo_id",
            "title",
            "demand_region",
            "supply_region",
            name=op.f("uq_region_policy_expo_id_title_demand_region_supply_region"),
        ),
    )
    with op.batch_alter_table("region_policy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_policy_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "reported_count",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column(
            "counted", sa.Enum("RESULTS", "DEMANDS", name="counted", native_enum=False, length=24), nullable=False
        ),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_reported_count_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_count")),
        sa.UniqueConstraint(
            "expo_id",
            "counted",
            "region_code",
            "field",
            "on_date",
            name=op.f("uq_reported_count_expo_id_counted_region_code_field_on_date"),
        ),
    )
    with op.batch_alter_table("reported_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_count_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "standby",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("host_id", base.Key(), nullable=False),
        sa.Column("guest_id", base.Key(), nullable=False),
        sa.Column("since", base.Moment(), nullable=False),
        sa.Column("used_at", base.Moment(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("host_id <> guest_id", name=op.f("ck_standby_sides")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_standby_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["guest_id"], ["organisation.id"], name=op.f("fk_standby_guest_id")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_standby_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standby")),
        sa.UniqueConstraint("expo_id", "host_id", "guest_id", name=op.f("uq_standby_expo_id_host_id_guest_id")),
    )
    with op.batch_alter_table("standby", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standby_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standby_guest_id"), ["guest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standby_host_id"), ["host_id"], unique=False)

    op.create_table(
        "demand",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("owner_id", base.Key(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.String(length=10000), nullable=False),
        sa.Column("indicators", sa.String(length=2000), nullable=False),
        sa.Column("ways", base.Texts(), nullable=True),
        sa.Column("budget", base.Fen(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("ip_terms", sa.String(length=500), nullable=False),
        sa.Column("conditions", sa.String(length=2000), nullable=False),
        sa.Column("is_open_call", sa.Boolean(), nullable=False),
        sa.Column("public_money", base.Fen(), nullable=True),
        sa.Column("apply_by", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "COLLECTING",
                "REVIEW",
                "AWARDED",
                "PERFORMING",
                "CLOSED",
                "FAILED",
                "WITHDRAWN",
                name="demandstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("applicants", sa.Integer(), nullable=True),
        sa.Column("solver_id", base.Key(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("contact_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_demand_contact_id")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_demand_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_demand_owner_id")),
        sa.ForeignKeyConstraint(["solver_id"], ["organisation.id"], name=op.f("fk_demand_solver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("expo_id", "owner_id", "title", name=op.f("uq_demand_expo_id_owner_id_title")),
    )
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_solver_id"), ["solver_id"], unique=False)

    op.create_table(
        "matching_consent",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("person_id", base.Key(), nullable=True),
        sa.Column("may_match", sa.Boolean(), nullable=False),
        sa.Column(
            "shared_with",
            sa.Enum("ACCEPTED", "NOBODY", name="sharedwith", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=100), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_matching_consent_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_matching_consent_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_matching_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_consent")),
        sa.UniqueConstraint(
            "expo_id",
            "organisation_id",
            "person_id",
            name=op.f("uq_matching_consent_expo_id_organisation_id_person_id"),
        ),
    )
    with op.batch_alter_table("matching_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matching_consent_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matching_consent_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matching_consent_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_matching_consent_whole",
            ["expo_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )

    op.create_table(
        "provider",
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("qualified_until", sa.Date(), nullable=True),
        sa.Column("contact_id", base.Key(), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_provider_contact_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_provider_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_provider_organisation_id")),
    )
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "meeting_place",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "kind", sa.Enum("TABLE", "BOOTH", "ROOM", name="placekind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_meeting_place_capacity")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_meeting_place_exhibitor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_meeting_place_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_place")),
        sa.UniqueConstraint("expo_id", "name", name=op.f("uq_meeting_place_expo_id_name")),
    )
    with op.batch_alter_table("meeting_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_place_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_place_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "service_item",
        sa.Column("provider_id", base.Key(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("price", base.Fen(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_service_item_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
        sa.UniqueConstraint("provider_id", "title", name=op.f("uq_service_item_provider_id_title")),
    )
    with op.batch_alter_table("service_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_item_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "matching_time",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=True),
        sa.Column("person_id", base.Key(), nullable=True),
        sa.Column("place_id", base.Key(), nullable=True),
        sa.Column("kind", sa.Enum("BUSY", "CLOSED", name="timekind", native_enum=False, length=24), nullable=False),
        sa.Column("starts_at", base.Moment(), nullable=False),
        sa.Column("ends_at", base.Moment(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_matching_time_order")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_matching_time_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_matching_time_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_matching_time_person_id")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["meeting_place.id"], name=op.f("fk_matching_time_place_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_time")),
    )
    with op.batch_alter_table("matching_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matching_time_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matching_time_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matching_time_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matching_time_place_id"), ["place_id"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("demand_id", base.Key(), nullable=False),
        sa.Column("achievement_id", base.Key(), nullable=True),
        sa.Column("service_item_id", base.Key(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", base.Names(), nullable=True),
        sa.Column("counted_at", base.Moment(), nullable=False),
        sa.Column("counted_of", sa.String(length=64), nullable=False),
        sa.Column(
            "demand_answer",
            sa.Enum("NOT_ASKED", "WAITING", "ACCEPTED", "DECLINED", name="answer", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("demand_answered_at", base.Moment(), nullable=True),
        sa.Column("demand_how", sa.String(length=100), nullable=False),
        sa.Column("demand_answer_by", base.Moment(), nullable=True),
        sa.Column("demand_reminded_at", base.Moment(), nullable=True),
        sa.Column(
            "supply_answer",
            sa.Enum("NOT_ASKED", "WAITING", "ACCEPTED", "DECLINED", name="answer", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("supply_answered_at", base.Moment(), nullable=True),
        sa.Column("supply_how", sa.String(length=100), nullable=False),
        sa.Column("supply_answer_by", base.Moment(), nullable=True),
        sa.Column("supply_reminded_at", base.Moment(), nullable=True),
        sa.Column(
            "unsuitable",
            sa.Enum("PRICE", "MATURITY", "KNOWN", "FIELD", "OTHER", name="unsuitable", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("unsuitable_words", sa.String(length=200), nullable=False),
        sa.Column("judged_by", sa.String(length=40), nullable=False),
        sa.Column("judged_at", base.Moment(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("(achievement_id IS NULL) <> (service_item_id IS NULL)", name=op.f("ck_suggestion_offer")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_suggestion_achievement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_suggestion_demand_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_suggestion_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_item.id"], name=op.f("fk_suggestion_service_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("demand_id", "achievement_id", name=op.f("uq_suggestion_demand_id_achievement_id")),
        sa.UniqueConstraint("demand_id", "service_item_id", name=op.f("uq_suggestion_demand_id_service_item_id")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_achievement_id"), ["achievement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_service_item_id"), ["service_item_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("meeting_no", sa.String(length=20), nullable=False),
        sa.Column("suggestion_id", base.Key(), nullable=True),
        sa.Column("a_id", base.Key(), nullable=False),
        sa.Column("b_id", base.Key(), nullable=False),
        sa.Column("a_person_id", base.Key(), nullable=True),
        sa.Column("b_person_id", base.Key(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "REQUESTED", "ACCEPTED", "DECLINED", "CANCELLED", name="meetingstate", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("is_mutual", sa.Boolean(), nullable=False),
        sa.Column("asked_at", base.Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("answer_by", base.Moment(), nullable=True),
        sa.Column("answered_at", base.Moment(), nullable=True),
        sa.Column("answer_how", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("place_id", base.Key(), nullable=True),
        sa.Column("starts_at", base.Moment(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("unseated", sa.String(length=200), nullable=False),
        sa.Column("published", base.Names(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "HELD", "NO_SHOW_A", "NO_SHOW_B", "REPLACED", "MOVED", name="outcome", native_enum=False, length=24
            ),
            nullable=True,
        ),
        sa.Column("a_came_at", base.Moment(), nullable=True),
        sa.Column("b_came_at", base.Moment(), nullable=True),
        sa.Column("ended_at", base.Moment(), nullable=True),
        sa.Column("instead_id", base.Key(), nullable=True),
        sa.Column("instead_of", sa.String(length=1), nullable=True),
        sa.Column(
            "level",
            sa.Enum("STRONG", "REAL", "CURIOUS", name="interestlevel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("amount_from", base.Fen(), nullable=True),
        sa.Column("amount_to", base.Fen(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("(place_id IS NULL) = (starts_at IS NULL)", name=op.f("ck_meeting_placed")),
        sa.CheckConstraint("a_id <> b_id", name=op.f("ck_meeting_sides")),
        sa.ForeignKeyConstraint(["a_id"], ["organisation.id"], name=op.f("fk_meeting_a_id")),
        sa.ForeignKeyConstraint(["a_person_id"], ["person.id"], name=op.f("fk_meeting_a_person_id")),
        sa.ForeignKeyConstraint(["b_id"], ["organisation.id"], name=op.f("fk_meeting_b_id")),
        sa.ForeignKeyConstraint(["b_person_id"], ["person.id"], name=op.f("fk_meeting_b_person_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_meeting_deal_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_meeting_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["instead_id"], ["organisation.id"], name=op.f("fk_meeting_instead_id")),
        sa.ForeignKeyConstraint(["place_id"], ["meeting_place.id"], name=op.f("fk_meeting_place_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_meeting_suggestion_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("expo_id", "meeting_no", name=op.f("uq_meeting_expo_id_meeting_no")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_a_id"), ["a_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_a_person_id"), ["a_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_b_id"), ["b_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_b_person_id"), ["b_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index("ix_meeting_expo_starts", ["expo_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_instead_id"), ["instead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_suggestion_id"), ["suggestion_id"], unique=False)

    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("transfer_ways", base.Texts(), nullable=True))
        batch_op.add_column(sa.Column("keywords", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("indicators", sa.String(length=2000), nullable=True))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meeting_id", base.Key(), nullable=True))

    move_data(op.get_bind())
    fill("achievement", "keywords", sa.String(length=300), "")
    fill("achievement", "indicators", sa.String(length=2000), "")
    with op.batch_alter_table("achievement", schema=None) as batch_op:
        batch_op.alter_column("keywords", existing_type=sa.String(length=300), nullable=False)
        batch_op.alter_column("indicators", existing_type=sa.String(length=2000), nullable=False)
        batch_op.alter_column(
            "summary", existing_type=sa.VARCHAR(length=2000), type_=sa.String(length=10000), existing_nullable=False
        )
        batch_op.drop_column("transfer_way")

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_task_meeting_id"), "meeting", ["meeting_id"], ["id"], ondelete="SET NULL"
        )


def move_data(connection: sa.Connection) -> None:
    """The one way of transfer becomes a list of one, also where imports keep it for their undo; whole rows that they
    keep get the columns that may not be empty.
    """
    ways = base.Texts(none_as_null=True)
    achievement = sa.table("achievement", sa.column("transfer_way", sa.String()), sa.column("transfer_ways", ways))
    for way in connection.scalars(sa.select(achievement.c.transfer_way).distinct()).all():
        if way is not None:
            mine = achievement.update().where(achievement.c.transfer_way == way)
            connection.execute(mine.values(transfer_ways=[way]))
    json_type = sa.JSON(none_as_null=True)
    row = sa.table(
        "import_row", sa.column("id", base.Key()), sa.column("table_name", sa.String()),
        sa.column("before", json_type), sa.column("after", json_type),
    )  # fmt: skip
    query = sa.select(row.c.id, row.c.before, row.c.after).where(row.c.table_name == "achievement")
    for key, *values in connection.execute(query).all():
        before, after = map(_with_ways, values)
        if [before, after] != values:
            connection.execute(row.update().where(row.c.id == key).values(before=before, after=after))


def _with_ways(kept: Any) -> Any:
    if not kept or "transfer_way" not in kept:
        return kept
    found = {name: value for name, value in kept.items() if name != "transfer_way"}
    way = kept["transfer_way"]
    is_whole = "owner_id" in kept and "kind_id" in kept and "title" in kept
    more = {"keywords": "", "indicators": ""} if is_whole else {}
    return {**more, **found, "transfer_ways": [way] if way else None}
