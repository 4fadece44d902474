"""vouchers parks and alliances"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base


def upgrade() -> None:
    op.create_table(
        "alliance",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("ALLIANCE", "COMMUNITY", "CIRCLE", name="alliancekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("founded", base.PartialDay(), nullable=False),
        sa.Column("founding", sa.String(length=120), nullable=False),
        sa.Column("secretariat", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliance")),
        sa.UniqueConstraint("name", name=op.f("uq_alliance_name")),
    )
    op.create_table(
        "index_point",
        sa.Column("series", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_point")),
        sa.UniqueConstraint("series", "year", name=op.f("uq_index_point_series_year")),
    )
    op.create_table(
        "park",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("research_region", sa.String(length=6), nullable=False),
        sa.Column("production_region", sa.String(length=6), nullable=False),
        sa.Column("opened", base.PartialDay(), nullable=False),
        sa.Column("operators", base.Texts(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("floor_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("own_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("public_area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("desks", sa.Integer(), nullable=True),
        sa.Column("managers", sa.Integer(), nullable=True),
        sa.Column("trained_managers", sa.Integer(), nullable=True),
        sa.Column("seed_fund", base.Fen(), nullable=True),
        sa.Column("supports", base.Texts(), nullable=True),
        sa.Column("max_stay_years", sa.Integer(), nullable=True),
        sa.Column("sharing_terms", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park")),
        sa.UniqueConstraint("name", name=op.f("uq_park_name")),
    )
    op.create_table(
        "settlement_statement",
        sa.Column("statement_no", sa.String(length=30), nullable=False),
        sa.Column("a_code", sa.String(length=6), nullable=False),
        sa.Column("b_code", sa.String(length=6), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn_at", base.Moment(), nullable=False),
        sa.Column("drawn_by", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sign_by", sa.Date(), nullable=True),
        sa.Column("a_version", sa.Integer(), nullable=True),
        sa.Column("a_signed_on", sa.Date(), nullable=True),
        sa.Column("a_signer", sa.String(length=60), nullable=False),
        sa.Column("a_dispute", sa.String(length=500), nullable=False),
        sa.Column("b_version", sa.Integer(), nullable=True),
        sa.Column("b_signed_on", sa.Date(), nullable=True),
        sa.Column("b_signer", sa.String(length=60), nullable=False),
        sa.Column("b_dispute", sa.String(length=500), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("a_code <= b_code", name=op.f("ck_settlement_statement_sides")),
        sa.CheckConstraint("period_from <= period_until", name=op.f("ck_settlement_statement_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_statement")),
        sa.UniqueConstraint(
            "a_code",
            "b_code",
            "period_from",
            "is_sample",
            name=op.f("uq_settlement_statement_a_code_b_code_period_from_is_sample"),
        ),
        sa.UniqueConstraint("statement_no", name=op.f("uq_settlement_statement_statement_no")),
    )
    op.create_table(
        "voucher_policy",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("rate", base.Rate(), nullable=False),
        sa.Column("cap_per_use", base.Fen(), nullable=True),
        sa.Column("cap_per_year", base.Fen(), nullable=True),
        sa.Column("budget", base.Fen(), nullable=True),
        sa.Column("kinds", base.Texts(), nullable=True),
        sa.Column("accepted_regions", base.Texts(), nullable=True),
        sa.Column(
            "basis", sa.Enum("CONTRACT", "INVOICE", name="sharebasis", native_enum=False, length=24), nullable=False
        ),
        sa.Column("way", sa.Enum("REFUNDED", "PAID", name="paidway", native_enum=False, length=24), nullable=False),
        sa.Column("review_levels", sa.Integer(), nullable=False),
        sa.Column("needs_list", sa.Boolean(), nullable=False),
        sa.Column("refuses_related", sa.Boolean(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("settle_months", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=10000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("review_levels BETWEEN 1 AND 2", name=op.f("ck_voucher_policy_levels")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_voucher_policy_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_policy")),
        sa.UniqueConstraint(
            "region_code", "title", "version_no", name=op.f("uq_voucher_policy_region_code_title_version_no")
        ),
    )
    with op.batch_alter_table("voucher_policy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_policy_region_code"), ["region_code"], unique=False)

    op.create_table(
        "park_figure",
        sa.Column("park_id", base.Key(), nullable=False),
        sa.Column(
            "figure",
            sa.Enum(
                "VISITED",
                "INTENDED",
                "SIGNED",
                "TENANTS",
                "RESEARCH_CENTRES",
                "LANDED",
                "GRADUATED",
                "TALENTS",
                "PATENTS",
                "EVENTS",
                "COOPERATIONS",
                "PARTNERS",
                "INVESTMENT",
                "REVENUE",
                "USED_AREA",
                name="parktotal",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on_day", base.PartialDay(), nullable=False),
        sa.Column("since", base.PartialDay(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column(
            "qualifier",
            sa.Enum("ABOUT", "OVER", "NEARLY", name="qualifier", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_park_figure_park_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_figure")),
        sa.UniqueConstraint("park_id", "figure", "on_day", name=op.f("uq_park_figure_park_id_figure_on_day")),
    )
    with op.batch_alter_table("park_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_park_figure_park_id"), ["park_id"], unique=False)

    op.create_table(
        "policy_class",
        sa.Column("policy_id", base.Key(), nullable=False),
        sa.Column("applicant", sa.String(length=40), nullable=False),
        sa.Column("rate", base.Rate(), nullable=True),
        sa.Column("cap_per_use", base.Fen(), nullable=True),
        sa.Column("cap_per_year", base.Fen(), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["voucher_policy.id"], name=op.f("fk_policy_class_policy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_class")),
        sa.UniqueConstraint("policy_id", "applicant", name=op.f("uq_policy_class_policy_id_applicant")),
    )
    with op.batch_alter_table("policy_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_class_policy_id"), ["policy_id"], unique=False)

    op.create_table(
        "statement_paper",
        sa.Column("statement_id", base.Key(), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", base.Moment(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["settlement_statement.id"],
            name=op.f("fk_statement_paper_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_paper")),
    )
    with op.batch_alter_table("statement_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_paper_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "statement_step",
        sa.Column("statement_id", base.Key(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["settlement_statement.id"],
            name=op.f("fk_statement_step_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_step")),
    )
    with op.batch_alter_table("statement_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_step_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "alliance_member",
        sa.Column("alliance_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("FOUNDER", "COUNCIL", "MEMBER", "OBSERVER", name="memberrole", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("since", base.PartialDay(), nullable=False),
        sa.Column("until", base.PartialDay(), nullable=False),
        sa.Column("certificate_no", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_alliance_member_alliance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_alliance_member_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliance_member")),
        sa.UniqueConstraint(
            "alliance_id", "organisation_id", "since", name=op.f("uq_alliance_member_alliance_id_organisation_id_since")
        ),
    )
    with op.batch_alter_table("alliance_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alliance_member_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alliance_member_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "joint_platform",
        sa.Column("alliance_id", base.Key(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "state",
            sa.Enum("PLANNED", "AGREED", "BUILDING", "RUNNING", name="platformstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=True),
        sa.Column("lead_id", base.Key(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_joint_platform_alliance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["organisation.id"], name=op.f("fk_joint_platform_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_platform")),
        sa.UniqueConstraint("alliance_id", "title", name=op.f("uq_joint_platform_alliance_id_title")),
    )
    with op.batch_alter_table("joint_platform", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_platform_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_joint_platform_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "related_bodies",
        sa.Column("one_id", base.Key(), nullable=False),
        sa.Column("other_id", base.Key(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_related_bodies_sides")),
        sa.ForeignKeyConstraint(["one_id"], ["organisation.id"], name=op.f("fk_related_bodies_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_related_bodies_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_bodies")),
        sa.UniqueConstraint("one_id", "other_id", "words", name=op.f("uq_related_bodies_one_id_other_id_words")),
    )
    with op.batch_alter_table("related_bodies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_related_bodies_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_related_bodies_other_id"), ["other_id"], unique=False)

    op.create_table(
        "sharing_event",
        sa.Column("park_id", base.Key(), nullable=True),
        sa.Column("alliance_id", base.Key(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on_day", base.PartialDay(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PLANNED",
                "OPEN",
                "WAITING",
                "HELD",
                "CANCELLED",
                name="sharingeventstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("registered", sa.Integer(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("programme_item_id", base.Key(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("(park_id IS NULL) <> (alliance_id IS NULL)", name=op.f("ck_sharing_event_body")),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_sharing_event_alliance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_sharing_event_park_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["programme_item_id"],
            ["programme_item.id"],
            name=op.f("fk_sharing_event_programme_item_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_event")),
    )
    with op.batch_alter_table("sharing_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_event_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sharing_event_park_id"), ["park_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sharing_event_programme_item_id"), ["programme_item_id"], unique=False)

    op.create_table(
        "voucher",
        sa.Column("voucher_no", sa.String(length=40), nullable=False),
        sa.Column("policy_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("applicant", sa.String(length=40), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("amount", base.Fen(), nullable=False),
        sa.Column("held", base.Fen(), nullable=False),
        sa.Column("used", base.Fen(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "APPLIED",
                "APPROVED",
                "REFUSED",
                "CANCELLED",
                "EXPIRED",
                name="voucherstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_amount")),
        sa.CheckConstraint("held BETWEEN 0 AND amount", name=op.f("ck_voucher_held")),
        sa.CheckConstraint("used BETWEEN 0 AND held", name=op.f("ck_voucher_used")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_voucher_organisation_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["voucher_policy.id"], name=op.f("fk_voucher_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("voucher_no", name=op.f("uq_voucher_voucher_no")),
    )
    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_policy_id"), ["policy_id"], unique=False)

    op.create_table(
        "voucher_pot",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=True),
        sa.Column("most", base.Fen(), nullable=True),
        sa.Column("taken", base.Fen(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND (most IS NULL OR taken <= most)", name=op.f("ck_voucher_pot_taken")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_voucher_pot_organisation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_pot")),
        sa.UniqueConstraint(
            "region_code",
            "is_sample",
            "year",
            "organisation_id",
            name=op.f("uq_voucher_pot_region_code_is_sample_year_organisation_id"),
        ),
    )
    with op.batch_alter_table("voucher_pot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_pot_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_voucher_pot_budget",
            ["region_code", "is_sample", "year"],
            unique=True,
            sqlite_where=sa.text("organisation_id IS NULL"),
            postgresql_where=sa.text("organisation_id IS NULL"),
        )

    op.create_table(
        "agreement",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("alliance_id", base.Key(), nullable=True),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("signed", base.PartialDay(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_agreement_amount")),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_agreement_alliance_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_agreement_deal_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_agreement_deal_id")),
        sa.UniqueConstraint("title", name=op.f("uq_agreement_title")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_alliance_id"), ["alliance_id"], unique=False)

    op.create_table(
        "agreement_party",
        sa.Column("agreement_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("signed", base.PartialDay(), nullable=False),
        sa.Column("signer", sa.String(length=60), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_party_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint(
            "agreement_id", "organisation_id", name=op.f("uq_agreement_party_agreement_id_organisation_id")
        ),
        info={"title": "协议各方"},
    )
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_party_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_party_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "instrument",
        sa.Column("provider_id", base.Key(), nullable=False),
        sa.Column("instrument_no", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("model_no", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("subcategory", sa.String(length=60), nullable=False),
        sa.Column("price", base.Fen(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("price_from", sa.Date(), nullable=True),
        sa.Column("original_value", base.Fen(), nullable=True),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("qualified_until", sa.Date(), nullable=True),
        sa.Column("listed_from", sa.Date(), nullable=True),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("accepts", base.Texts(), nullable=True),
        sa.Column("is_bookable", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_instrument_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("provider_id", "instrument_no", name=op.f("uq_instrument_provider_id_instrument_no")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.create_index("ix_instrument_provider_title", ["provider_id", "title"], unique=False)

    op.create_table(
        "listed_provider",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("provider_id", base.Key(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_listed_provider_order")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_listed_provider_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_provider")),
        sa.UniqueConstraint(
            "region_code",
            "provider_id",
            "valid_from",
            name=op.f("uq_listed_provider_region_code_provider_id_valid_from"),
        ),
    )
    with op.batch_alter_table("listed_provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listed_provider_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listed_provider_region_code"), ["region_code"], unique=False)

    op.create_table(
        "voucher_use",
        sa.Column("use_no", sa.String(length=40), nullable=False),
        sa.Column("voucher_id", base.Key(), nullable=True),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("provider_id", base.Key(), nullable=False),
        sa.Column("instrument_id", base.Key(), nullable=True),
        sa.Column("service_item_id", base.Key(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("contract_no", sa.String(length=60), nullable=False),
        sa.Column("contract_on", sa.Date(), nullable=True),
        sa.Column("contract_amount", base.Fen(), nullable=True),
        sa.Column("invoice_amount", base.Fen(), nullable=True),
        sa.Column("other_support", base.Fen(), nullable=True),
        sa.Column("is_unrelated", sa.Boolean(), nullable=False),
        sa.Column("report_no", sa.String(length=60), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=True),
        sa.Column("policy_id", base.Key(), nullable=True),
        sa.Column("rate", base.Rate(), nullable=True),
        sa.Column("way", sa.Enum("REFUNDED", "PAID", name="paidway", native_enum=False, length=24), nullable=True),
        sa.Column("basis_amount", base.Fen(), nullable=True),
        sa.Column("share", base.Fen(), nullable=True),
        sa.Column("issuer_code", sa.String(length=6), nullable=False),
        sa.Column("payee_code", sa.String(length=6), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "DRAFT",
                "SUBMITTED",
                "FIRST_PASSED",
                "VERIFIED",
                "RETURNED",
                "SETTLED",
                "CANCELLED",
                name="usestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("statement_id", base.Key(), nullable=True),
        sa.Column("corrects_id", base.Key(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("contract_amount IS NULL OR contract_amount >= 0", name=op.f("ck_voucher_use_contract")),
        sa.CheckConstraint("corrects_id IS NOT NULL OR share IS NULL OR share >= 0", name=op.f("ck_voucher_use_share")),
        sa.CheckConstraint("invoice_amount IS NULL OR invoice_amount >= 0", name=op.f("ck_voucher_use_invoice")),
        sa.ForeignKeyConstraint(["corrects_id"], ["voucher_use.id"], name=op.f("fk_voucher_use_corrects_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_voucher_use_deal_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_voucher_use_instrument_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_voucher_use_organisation_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["voucher_policy.id"], name=op.f("fk_voucher_use_policy_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_voucher_use_provider_id")),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_item.id"], name=op.f("fk_voucher_use_service_item_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["settlement_statement.id"], name=op.f("fk_voucher_use_statement_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_use_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_use")),
        sa.UniqueConstraint("use_no", name=op.f("uq_voucher_use_use_no")),
    )
    with op.batch_alter_table("voucher_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_use_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_instrument_id"), ["instrument_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_issuer_code"), ["issuer_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_payee_code"), ["payee_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_policy_id"), ["policy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_service_item_id"), ["service_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_statement_id"), ["statement_id"], unique=False)
        batch_op.create_index("ix_voucher_use_verified", ["verified_on", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_use_voucher_id"), ["voucher_id"], unique=False)

    op.create_table(
        "voucher_step",
        sa.Column("voucher_id", base.Key(), nullable=True),
        sa.Column("use_id", base.Key(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("(voucher_id IS NULL) <> (use_id IS NULL)", name=op.f("ck_voucher_step_subject")),
        sa.ForeignKeyConstraint(
            ["use_id"], ["voucher_use.id"], name=op.f("fk_voucher_step_use_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_step_voucher_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_step")),
    )
    with op.batch_alter_table("voucher_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_step_use_id"), ["use_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_step_voucher_id"), ["voucher_id"], unique=False)

    op.create_table(
        "tenant",
        sa.Column("park_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("stay", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "VISITED",
                "INTENDED",
                "SIGNED",
                "MOVED_IN",
                "INCUBATED",
                "LANDED",
                "GRADUATED",
                "LEFT",
                name="tenantstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_research_centre", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(length=60), nullable=False),
        sa.Column("research_region", sa.String(length=6), nullable=False),
        sa.Column("production_region", sa.String(length=6), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("meeting_id", base.Key(), nullable=True),
        sa.Column("pitch_id", base.Key(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("registration_kind", sa.String(length=60), nullable=False),
        sa.Column("tech_field", sa.String(length=60), nullable=False),
        sa.Column("taxpayer_kind", sa.String(length=40), nullable=False),
        sa.Column("has_mentor", sa.Boolean(), nullable=True),
        sa.Column("is_high_tech", sa.Boolean(), nullable=True),
        sa.Column("founder_background", sa.String(length=60), nullable=False),
        sa.Column("is_serial_founder", sa.Boolean(), nullable=True),
        sa.Column("founder_sex", sa.String(length=10), nullable=False),
        sa.Column("registered_capital", base.Fen(), nullable=True),
        sa.Column("contact_id", base.Key(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_tenant_contact_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_tenant_deal_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_tenant_meeting_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tenant_organisation_id")),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_tenant_park_id")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_tenant_pitch_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("park_id", "organisation_id", "stay", name=op.f("uq_tenant_park_id_organisation_id_stay")),
    )
    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_park_id"), ["park_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_pitch_id"), ["pitch_id"], unique=False)

    op.create_table(
        "tenant_figures",
        sa.Column("tenant_id", base.Key(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("is_incubated", sa.Boolean(), nullable=True),
        sa.Column("area", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("staff_doctors", sa.Integer(), nullable=True),
        sa.Column("staff_college", sa.Integer(), nullable=True),
        sa.Column("staff_returnees", sa.Integer(), nullable=True),
        sa.Column("staff_talents", sa.Integer(), nullable=True),
        sa.Column("staff_graduates", sa.Integer(), nullable=True),
        sa.Column("ip_applied", sa.Integer(), nullable=True),
        sa.Column("ip_granted", sa.Integer(), nullable=True),
        sa.Column("ip_valid", sa.Integer(), nullable=True),
        sa.Column("ip_inventions", sa.Integer(), nullable=True),
        sa.Column("ip_software", sa.Integer(), nullable=True),
        sa.Column("ip_plants", sa.Integer(), nullable=True),
        sa.Column("ip_layouts", sa.Integer(), nullable=True),
        sa.Column("ip_foreign", sa.Integer(), nullable=True),
        sa.Column("contracts", sa.Integer(), nullable=True),
        sa.Column("contracts_amount", base.Fen(), nullable=True),
        sa.Column("revenue", base.Fen(), nullable=True),
        sa.Column("net_profit", base.Fen(), nullable=True),
        sa.Column("trade", base.Fen(), nullable=True),
        sa.Column("research_spending", base.Fen(), nullable=True),
        sa.Column("taxes", base.Fen(), nullable=True),
        sa.Column("venture_money", base.Fen(), nullable=True),
        sa.Column("investment", base.Fen(), nullable=True),
        sa.Column("national_projects", sa.Integer(), nullable=True),
        sa.Column("provincial_awards", sa.Integer(), nullable=True),
        sa.Column("filled_by", sa.String(length=60), nullable=False),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_figures_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_figures")),
        sa.UniqueConstraint("tenant_id", "on_date", name=op.f("uq_tenant_figures_tenant_id_on_date")),
    )
    with op.batch_alter_table("tenant_figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_figures_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "tenant_step",
        sa.Column("tenant_id", base.Key(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "VISITED",
                "INTENDED",
                "SIGNED",
                "MOVED_IN",
                "INCUBATED",
                "LANDED",
                "GRADUATED",
                "LEFT",
                name="tenantstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on_day", base.PartialDay(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("where_to", sa.String(length=200), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_step_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_step")),
    )
    with op.batch_alter_table("tenant_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_step_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "tenant_support",
        sa.Column("tenant_id", base.Key(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RESEARCH", "RENT", "TALENT", "UNIVERSITY", "OTHER", name="supportkind", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("AGREED", "RUNNING", "PAID", "ENDED", name="supportstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("partner_id", base.Key(), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_tenant_support_amount")),
        sa.ForeignKeyConstraint(["partner_id"], ["organisation.id"], name=op.f("fk_tenant_support_partner_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_support_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_support")),
    )
    with op.batch_alter_table("tenant_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_support_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenant_support_tenant_id"), ["tenant_id"], unique=False)

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tenant_id", base.Key(), nullable=True))
        batch_op.add_column(sa.Column("alliance_id", base.Key(), nullable=True))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_task_alliance_id"), "alliance", ["alliance_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_task_tenant_id"), "tenant", ["tenant_id"], ["id"], ondelete="CASCADE"
        )
