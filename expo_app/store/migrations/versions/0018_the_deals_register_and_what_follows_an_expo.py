"""the deals register and what follows an expo"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "registry_choice",
        sa.Column(
            "list",
            sa.Enum(
                "KIND",
                "SUBKIND",
                "TECH_FIELD",
                "TECH_SUBFIELD",
                "IP_KIND",
                "SOCIAL_GOAL",
                "NATURE",
                "PLAN",
                "INDUSTRY",
                name="registrylist",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_choice")),
        sa.UniqueConstraint("list", "parent", "name", "since", name=op.f("uq_registry_choice_list_parent_name_since")),
    )
    with op.batch_alter_table("registry_choice", schema=None) as batch_op:
        batch_op.create_index("ix_registry_choice_list_code", ["list", "code"], unique=False)

    op.create_table(
        "registry_deadline",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("is_working_days", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_deadline")),
        sa.UniqueConstraint("region_code", "since", name=op.f("uq_registry_deadline_region_code_since")),
    )
    op.create_table(
        "edition",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("expo_id", base.Key(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_edition_expo_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("name", "edition_no", name=op.f("uq_edition_name_edition_no")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "press_version",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("moment", base.Moment(), nullable=False),
        sa.Column("approved_at", base.Moment(), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_press_version_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_version")),
        sa.UniqueConstraint("expo_id", "version_no", name=op.f("uq_press_version_expo_id_version_no")),
    )
    with op.batch_alter_table("press_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_press_version_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "survey",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("EXHIBITORS", "VISITORS", name="surveyaudience", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("handed_out_on", sa.Date(), nullable=True),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("valid", sa.Integer(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_survey_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("expo_id", "audience", "title", name=op.f("uq_survey_expo_id_audience_title")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "edition_figure",
        sa.Column("edition_id", base.Key(), nullable=False),
        sa.Column("figure", sa.String(length=24), nullable=False),
        sa.Column("value", base.Fen(), nullable=False),
        sa.Column(
            "qualifier",
            sa.Enum("ABOUT", "OVER", "NEARLY", name="qualifier", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("is_cumulative", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_figure_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_figure")),
        sa.UniqueConstraint(
            "edition_id", "figure", "is_cumulative", name=op.f("uq_edition_figure_edition_id_figure_is_cumulative")
        ),
    )
    with op.batch_alter_table("edition_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_figure_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "press_figure",
        sa.Column("version_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("moment_words", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["press_version.id"], name=op.f("fk_press_figure_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_figure")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_press_figure_version_id_name")),
    )
    with op.batch_alter_table("press_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_press_figure_version_id"), ["version_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("CONTRACT", "COMMITMENT", "MANDATE", "OTHER", name="attachmentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", base.Moment(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_attachment_deal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        info={"title": "附件"},
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "deal_milestone",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("PAYMENT", "STEP", name="milestonekind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_amount", base.Fen(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_milestone_deal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_milestone")),
        info={"title": "付款与里程碑"},
    )
    with op.batch_alter_table("deal_milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_milestone_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "deal_patent",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("INVENTION", "UTILITY_MODEL", "DESIGN", name="patentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("application_no", sa.String(length=20), nullable=False),
        sa.Column("patent_no", sa.String(length=20), nullable=False),
        sa.Column("applicant", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_patent_deal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_patent")),
        info={"title": "专利"},
    )
    with op.batch_alter_table("deal_patent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_patent_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "deal_registration",
        sa.Column("deal_id", base.Key(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("OPEN", "SUBMITTED", "REGISTERED", "RETURNED", name="registration", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("correct_by", sa.Date(), nullable=True),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deal.id"], name=op.f("fk_deal_registration_deal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_registration")),
    )
    with op.batch_alter_table("deal_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_registration_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "attachment_content",
        sa.Column("attachment_id", base.Key(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_content_attachment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_content")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_attachment_content_attachment_id")),
    )
    op.create_table(
        "complaint",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("complaint_no", sa.String(length=20), nullable=False),
        sa.Column("received_at", base.Moment(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "INTELLECTUAL_PROPERTY",
                "CONTRACT",
                "QUALITY",
                "SERVICE",
                "SAFETY",
                "OTHER",
                name="complaintkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("complainant", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("measure", sa.String(length=500), nullable=False),
        sa.Column("result", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum("OPEN", "SETTLED", "WITHDRAWN", "FORWARDED", name="complaintstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("handler", sa.String(length=60), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=1200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_complaint_exhibitor_id")),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_complaint_expo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("expo_id", "complaint_no", name=op.f("uq_complaint_expo_id_complaint_no")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_expo_id"), ["expo_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("task_no", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("exhibitor_id", base.Key(), nullable=True),
        sa.Column("pitch_id", base.Key(), nullable=True),
        sa.Column("assignee", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state", sa.Enum("OPEN", "DONE", "DROPPED", name="taskstate", native_enum=False, length=24), nullable=False
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=1000), nullable=False),
        sa.Column("created_at", base.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_task_deal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_task_exhibitor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_task_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_task_pitch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("expo_id", "task_no", name=op.f("uq_task_expo_id_task_no")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_pitch_id"), ["pitch_id"], unique=False)

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("foreign_amount", base.Fen(), nullable=True))
        batch_op.add_column(sa.Column("rate", base.Rate(), nullable=True))
        batch_op.add_column(sa.Column("rate_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("rate_source", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("is_prior", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("prior_note", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("signing_batch", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("is_text_ready", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("tech_subfield", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("served_industry", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("is_high_tech", sa.Boolean(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "pricing_way",
                sa.Enum("AGREED", "LISTED", "AUCTIONED", name="pricingway", native_enum=False, length=24),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("public_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("public_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("patent_registered_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "registration",
                sa.Enum(
                    "OPEN", "SUBMITTED", "REGISTERED", "RETURNED", name="registration", native_enum=False, length=24
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("submitted_on", sa.Date(), nullable=True))

    with op.batch_alter_table("deal_party", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signer", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("signer_post", sa.String(length=60), nullable=True))
        batch_op.add_column(
            sa.Column(
                "mandate",
                sa.Enum("LEGAL_REPRESENTATIVE", "WRITTEN", "MISSING", name="mandate", native_enum=False, length=24),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("assistant", sa.String(length=60), nullable=True))

    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brings_own", sa.Boolean(), nullable=True))

    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submit_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("counts_guests", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("directory_limit", sa.Integer(), nullable=True))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nature", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("legal_representative", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("scale", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("is_in_high_tech_zone", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_listed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_transfer_body", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_research_body", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_converted_institute", sa.Boolean(), nullable=True))

    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_at", base.Moment(), nullable=True))

    op.create_table(
        "desk_quarter",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("place_id", base.Key(), nullable=False),
        sa.Column("gate_id", base.Key(), nullable=False),
        sa.Column("desk_id", base.Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("come", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("firsts", sa.Integer(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_quarter_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_desk_quarter_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_desk_quarter_gate_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_quarter")),
        sa.UniqueConstraint(
            "desk_id", "gate_id", "day", "quarter", name=op.f("uq_desk_quarter_desk_id_gate_id_day_quarter")
        ),
    )
    with op.batch_alter_table("desk_quarter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_quarter_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_quarter_gate_id"), ["gate_id"], unique=False)
        batch_op.create_index("ix_desk_quarter_place_day", ["place_id", "day"], unique=False)

    count_by_quarter(op.get_bind())
    op.drop_table("desk_count")

    move_data(op.get_bind())
    fill("deal", "rate_source", sa.String(length=120), "")
    fill("deal", "is_prior", sa.Boolean(), False)
    fill("deal", "prior_note", sa.String(length=200), "")
    fill("deal", "signing_batch", sa.String(length=40), "")
    fill("deal", "is_text_ready", sa.Boolean(), False)
    fill("deal", "tech_subfield", sa.String(length=80), "")
    fill("deal", "served_industry", sa.String(length=60), "")
    fill(
        "deal",
        "registration",
        sa.Enum("OPEN", "SUBMITTED", "REGISTERED", "RETURNED", name="registration", native_enum=False, length=24),
        "OPEN",
    )
    fill("deal_party", "signer", sa.String(length=60), "")
    fill("deal_party", "signer_post", sa.String(length=60), "")
    fill("deal_party", "assistant", sa.String(length=60), "")
    fill("expo", "counts_guests", sa.Boolean(), False)
    fill("expo", "directory_limit", sa.Integer(), 200)
    fill("organisation", "nature", sa.String(length=40), "")
    fill("organisation", "legal_representative", sa.String(length=60), "")
    fill("organisation", "scale", sa.String(length=20), "")
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.alter_column("rate_source", existing_type=sa.String(length=120), nullable=False)
        batch_op.alter_column("is_prior", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("prior_note", existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column("signing_batch", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("is_text_ready", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("tech_subfield", existing_type=sa.String(length=80), nullable=False)
        batch_op.alter_column("served_industry", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column(
            "registration",
            existing_type=sa.Enum(
                "OPEN", "SUBMITTED", "REGISTERED", "RETURNED", name="registration", native_enum=False, length=24
            ),
            nullable=False,
        )
        batch_op.drop_column("signer_seller")
        batch_op.drop_column("signer_buyer")

    with op.batch_alter_table("deal_party", schema=None) as batch_op:
        batch_op.alter_column("signer", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("signer_post", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("assistant", existing_type=sa.String(length=60), nullable=False)

    with op.batch_alter_table("expo", schema=None) as batch_op:
        batch_op.alter_column("counts_guests", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("directory_limit", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("nature", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("legal_representative", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("scale", existing_type=sa.String(length=20), nullable=False)


def move_data(connection: sa.Connection) -> None:
    """Signatories go to the party they sign for; an amount in another currency is kept as such, not as yuan.

    What imports keep for their undo loses the columns that are gone, and gets those that may not be empty.
    """
    deal = sa.table("deal", *(sa.column(name) for name in (
        "id", "signer_seller", "signer_buyer", "currency", "amount", "tech_amount", "foreign_amount", "registry_no",
        "registration", "certificate_state", "note",
    )))  # fmt: skip
    party = sa.table("deal_party", *(sa.column(name) for name in ("id", "deal_id", "role", "position", "signer")))
    for column, role in (("signer_seller", "SELLER"), ("signer_buyer", "BUYER")):
        for deal_id, signer, note in connection.execute(
            sa.select(deal.c.id, deal.c[column], deal.c.note).where(deal.c[column] != "")
        ).all():
            first = sa.select(party.c.id).where(party.c.deal_id == deal_id, party.c.role == role)
            found = connection.scalar(first.order_by(party.c.position).limit(1))
            if found is not None:
                connection.execute(party.update().where(party.c.id == found).values(signer=signer))
            else:
                kept = f"{note}\n{signer}".strip()[:2000]
                connection.execute(deal.update().where(deal.c.id == deal_id).values(note=kept))
    connection.execute(
        deal.update()
        .where(deal.c.currency != "CNY")
        .values(foreign_amount=deal.c.amount, amount=None, tech_amount=None)
    )
    connection.execute(deal.update().where(deal.c.certificate_state == "APPLIED").values(registration="SUBMITTED"))
    connection.execute(deal.update().where(deal.c.certificate_state == "REFUSED").values(registration="RETURNED"))
    is_registered = (deal.c.registry_no != "") | (deal.c.certificate_state == "ISSUED")
    connection.execute(deal.update().where(is_registered).values(registration="REGISTERED"))
    _move_imports(connection)


def count_by_quarter(connection: sa.Connection) -> None:
    """Who came and went is counted again from the scans, by quarters of an hour; when everybody was first let in."""
    quarter = {
        "sqlite": "unixepoch(check_in.at) / 900",
        "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM check_in.at) / 900) AS INTEGER)",
    }[connection.dialect.name]
    for statement in (
        "CREATE TEMPORARY TABLE passed AS SELECT check_in.id, check_in.expo_id, gate_id, desk_id, attendee_id,"  # noqa: S608
        " COALESCE(gate.room_id, gate.hall_id, gate.expo_id) AS place_id, local_day, check_in.at, verdict, direction,"
        f" {quarter} AS quarter FROM check_in JOIN gate ON gate.id = check_in.gate_id"
        " WHERE attendee_id IS NOT NULL AND verdict IN ('ADMITTED', 'AGAIN', 'OUT') AND undone_at IS NULL",
        "CREATE TEMPORARY TABLE passage AS SELECT passed.*,"
        " lag(direction) OVER (PARTITION BY attendee_id, place_id, local_day ORDER BY id) AS before,"
        " row_number() OVER (PARTITION BY attendee_id, place_id, local_day, verdict ORDER BY at, id) AS nth"
        " FROM passed WHERE quarter IS NOT NULL",
        "CREATE TEMPORARY TABLE first_let_in AS SELECT attendee_id, place_id, local_day, at FROM passage"
        " WHERE verdict = 'ADMITTED' AND nth = 1",
        "CREATE INDEX ix_first_let_in ON first_let_in (attendee_id, place_id, local_day)",
        "UPDATE presence SET first_at = (SELECT at FROM first_let_in WHERE"
        " first_let_in.attendee_id = presence.attendee_id AND first_let_in.place_id = presence.place_id"
        " AND first_let_in.local_day = presence.day)",
        "CREATE TEMPORARY TABLE told AS SELECT passage.*,"
        " CASE WHEN direction = 'IN' AND COALESCE(before, 'OUT') = 'OUT' THEN 1 ELSE 0 END AS came,"
        " CASE WHEN direction = 'OUT' AND before = 'IN' THEN 1 ELSE 0 END AS went,"
        " CASE WHEN verdict = 'ADMITTED' AND nth = 1 THEN 1 ELSE 0 END AS is_first FROM passage",
        "INSERT INTO desk_quarter (id, expo_id, place_id, gate_id, desk_id, day, quarter, come, gone, firsts)"
        " SELECT id, expo_id, place_id, gate_id, desk_id, local_day, quarter, come, gone, firsts FROM (SELECT told.*,"
        " SUM(came) OVER desk AS come, SUM(went) OVER desk AS gone, SUM(is_first) OVER desk AS firsts,"
        " row_number() OVER (PARTITION BY desk_id, gate_id, local_day, quarter ORDER BY id) AS row_no"
        " FROM told WINDOW desk AS (PARTITION BY desk_id, gate_id, local_day, quarter)) AS summed"
        " WHERE row_no = 1 AND come + gone + firsts > 0",
        "DROP TABLE told",
        "DROP TABLE first_let_in",
        "DROP TABLE passage",
        "DROP TABLE passed",
    ):
        connection.execute(sa.text(statement))


def _move_imports(connection: sa.Connection) -> None:
    json_type = sa.JSON(none_as_null=True)
    row = sa.table(
        "import_row", sa.column("id", base.Key()), sa.column("table_name", sa.String()),
        sa.column("before", json_type), sa.column("after", json_type),
    )  # fmt: skip
    query = sa.select(row.c.id, row.c.before, row.c.after).where(row.c.table_name == "deal")
    gone = ("signer_seller", "signer_buyer")
    for key, *values in connection.execute(query).all():
        before, after = ({k: v for k, v in kept.items() if k not in gone} if kept else kept for kept in values)
        if [before, after] != values:
            connection.execute(row.update().where(row.c.id == key).values(before=before, after=after))
