"""the auction and the roadshow"""

import sqlalchemy as sa
from alembic import op

from expo_app.model import base
from expo_app.store.migrations import fill


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )
    op.create_table(
        "auction",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=240), nullable=False),
        sa.Column("programme_item_id", base.Key(), nullable=True),
        sa.Column("starts_at", base.Moment(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("house_id", base.Key(), nullable=True),
        sa.Column("licence_no", sa.String(length=60), nullable=False),
        sa.Column("auctioneer", sa.String(length=60), nullable=False),
        sa.Column("auctioneer_no", sa.String(length=60), nullable=False),
        sa.Column("recorder", sa.String(length=60), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("viewing_from", sa.Date(), nullable=True),
        sa.Column("viewing_until", sa.Date(), nullable=True),
        sa.Column("rules_read_at", base.Moment(), nullable=True),
        sa.Column("closed_at", base.Moment(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column(
            "ladder",
            sa.Enum("BANDS", "FIXED", "PERCENT", "TABLE", name="ladderkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("ladder_step", base.Fen(), nullable=True),
        sa.Column("ladder_percent", base.Rate(), nullable=True),
        sa.Column("is_commission_agreed", sa.Boolean(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("refund_days", sa.Integer(), nullable=False),
        sa.Column("is_reported", sa.Boolean(), nullable=False),
        sa.Column("reported_lots", sa.Integer(), nullable=True),
        sa.Column("reported_sold", sa.Integer(), nullable=True),
        sa.Column("reported_amount", base.Fen(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_auction_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["house_id"], ["organisation.id"], name=op.f("fk_auction_house_id")),
        sa.ForeignKeyConstraint(
            ["programme_item_id"], ["programme_item.id"], name=op.f("fk_auction_programme_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auction")),
        sa.UniqueConstraint("expo_id", "title", name=op.f("uq_auction_expo_id_title")),
    )
    with op.batch_alter_table("auction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auction_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auction_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auction_programme_item_id"), ["programme_item_id"], unique=False)

    op.create_table(
        "score_criterion",
        sa.Column("item_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("maximum > 0", name=op.f("ck_score_criterion_maximum")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_score_criterion_weight")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_item.id"], name=op.f("fk_score_criterion_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_criterion")),
        sa.UniqueConstraint("item_id", "name", name=op.f("uq_score_criterion_item_id_name")),
    )
    with op.batch_alter_table("score_criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_criterion_item_id"), ["item_id"], unique=False)

    op.create_table(
        "bidder",
        sa.Column("auction_id", base.Key(), nullable=False),
        sa.Column("paddle", sa.Integer(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("ROOM", "PHONE", "WRITTEN", "PRIORITY", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("is_identity_checked", sa.Boolean(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("paddle > 0", name=op.f("ck_bidder_paddle")),
        sa.ForeignKeyConstraint(["auction_id"], ["auction.id"], name=op.f("fk_bidder_auction_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_bidder_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bidder")),
        sa.UniqueConstraint("auction_id", "paddle", name=op.f("uq_bidder_auction_id_paddle")),
    )
    with op.batch_alter_table("bidder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bidder_auction_id"), ["auction_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bidder_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "commission_band",
        sa.Column("auction_id", base.Key(), nullable=False),
        sa.Column(
            "side", sa.Enum("SELLER", "BUYER", name="commissionside", native_enum=False, length=24), nullable=False
        ),
        sa.Column("from_amount", base.Fen(), nullable=False),
        sa.Column("percent", base.Rate(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auction.id"], name=op.f("fk_commission_band_auction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_band")),
        sa.UniqueConstraint(
            "auction_id", "side", "from_amount", name=op.f("uq_commission_band_auction_id_side_from_amount")
        ),
    )
    with op.batch_alter_table("commission_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_band_auction_id"), ["auction_id"], unique=False)

    op.create_table(
        "increment_band",
        sa.Column("auction_id", base.Key(), nullable=False),
        sa.Column("from_amount", base.Fen(), nullable=False),
        sa.Column("step", base.Fen(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("step > 0", name=op.f("ck_increment_band_step")),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auction.id"], name=op.f("fk_increment_band_auction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_increment_band")),
        sa.UniqueConstraint("auction_id", "from_amount", name=op.f("uq_increment_band_auction_id_from_amount")),
    )
    with op.batch_alter_table("increment_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_increment_band_auction_id"), ["auction_id"], unique=False)

    op.create_table(
        "lot",
        sa.Column("auction_id", base.Key(), nullable=False),
        sa.Column("lot_no", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("owner_id", base.Key(), nullable=False),
        sa.Column("is_owner_confidential", sa.Boolean(), nullable=False),
        sa.Column("achievement_id", base.Key(), nullable=True),
        sa.Column("start_price", base.Fen(), nullable=True),
        sa.Column(
            "reserve_kind",
            sa.Enum("UNSET", "SET", "NONE", name="reservekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("reserve", base.Fen(), nullable=True),
        sa.Column("deposit", base.Fen(), nullable=True),
        sa.Column(
            "ladder",
            sa.Enum("BANDS", "FIXED", "PERCENT", "TABLE", name="ladderkind", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("ladder_step", base.Fen(), nullable=True),
        sa.Column("ladder_percent", base.Rate(), nullable=True),
        sa.Column("is_state_asset", sa.Boolean(), nullable=False),
        sa.Column("appraisal_no", sa.String(length=60), nullable=False),
        sa.Column("consignment_no", sa.String(length=60), nullable=False),
        sa.Column("consigned_on", sa.Date(), nullable=True),
        sa.Column("consignment", base.Texts(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "READY",
                "OPEN",
                "SOLD",
                "PASSED",
                "WITHDRAWN",
                "DEFAULTED",
                name="lotstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("price", base.Fen(), nullable=True),
        sa.Column("leader_id", base.Key(), nullable=True),
        sa.Column("calls_made", sa.Integer(), nullable=False),
        sa.Column("opened_at", base.Moment(), nullable=True),
        sa.Column("hammered_at", base.Moment(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("defaulted_on", sa.Date(), nullable=True),
        sa.Column("resale_consent_on", sa.Date(), nullable=True),
        sa.Column("resale_of_id", base.Key(), nullable=True),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("confirmation_prints", sa.Integer(), nullable=False),
        sa.Column("record_prints", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=1200), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("reserve IS NULL OR reserve > 0", name=op.f("ck_lot_reserve")),
        sa.CheckConstraint("start_price IS NULL OR start_price > 0", name=op.f("ck_lot_start_price")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_lot_achievement_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["auction_id"], ["auction.id"], name=op.f("fk_lot_auction_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_lot_deal_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["leader_id"], ["bidder.id"], name=op.f("fk_lot_leader_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_lot_owner_id")),
        sa.ForeignKeyConstraint(["resale_of_id"], ["lot.id"], name=op.f("fk_lot_resale_of_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("auction_id", "lot_no", name=op.f("uq_lot_auction_id_lot_no")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_achievement_id"), ["achievement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_auction_id"), ["auction_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_resale_of_id"), ["resale_of_id"], unique=False)
        batch_op.create_index(
            "uq_lot_auction_id_open",
            ["auction_id"],
            unique=True,
            sqlite_where=sa.text("state = 'OPEN'"),
            postgresql_where=sa.text("state = 'OPEN'"),
        )

    op.create_table(
        "pitch_comment",
        sa.Column("pitch_id", base.Key(), nullable=False),
        sa.Column("expert", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_comment_pitch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_comment")),
        sa.UniqueConstraint("pitch_id", "expert", name=op.f("uq_pitch_comment_pitch_id_expert")),
    )
    with op.batch_alter_table("pitch_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_comment_pitch_id"), ["pitch_id"], unique=False)

    op.create_table(
        "pitch_score",
        sa.Column("pitch_id", base.Key(), nullable=False),
        sa.Column("criterion_id", base.Key(), nullable=False),
        sa.Column("expert", sa.String(length=60), nullable=False),
        sa.Column("points", base.Fen(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["score_criterion.id"], name=op.f("fk_pitch_score_criterion_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_score_pitch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_score")),
        sa.UniqueConstraint(
            "pitch_id", "criterion_id", "expert", name=op.f("uq_pitch_score_pitch_id_criterion_id_expert")
        ),
    )
    with op.batch_alter_table("pitch_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_score_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pitch_score_pitch_id"), ["pitch_id"], unique=False)

    op.create_table(
        "auction_money",
        sa.Column("bidder_id", base.Key(), nullable=False),
        sa.Column("lot_id", base.Key(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("DEPOSIT", "REFUND", "PAYMENT", "FORFEIT", name="moneykind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "way", sa.Enum("BANK", "CHEQUE", "CASH", name="moneyway", native_enum=False, length=24), nullable=False
        ),
        sa.Column("amount", base.Fen(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("counters_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_auction_money_amount")),
        sa.ForeignKeyConstraint(
            ["bidder_id"], ["bidder.id"], name=op.f("fk_auction_money_bidder_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["counters_id"], ["auction_money.id"], name=op.f("fk_auction_money_counters_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_auction_money_lot_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auction_money")),
        sa.UniqueConstraint("counters_id", name=op.f("uq_auction_money_counters_id")),
    )
    with op.batch_alter_table("auction_money", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auction_money_bidder_id"), ["bidder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auction_money_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "interest",
        sa.Column("expo_id", base.Key(), nullable=False),
        sa.Column("interest_no", sa.String(length=20), nullable=False),
        sa.Column("pitch_id", base.Key(), nullable=False),
        sa.Column("organisation_id", base.Key(), nullable=True),
        sa.Column("attendee_id", base.Key(), nullable=True),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "level",
            sa.Enum("STRONG", "REAL", "CURIOUS", name="interestlevel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("amount_from", base.Fen(), nullable=True),
        sa.Column("amount_to", base.Fen(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("deal_id", base.Key(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=800), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_interest_attendee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_interest_deal_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_interest_expo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_interest_organisation_id")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_interest_pitch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("expo_id", "interest_no", name=op.f("uq_interest_expo_id_interest_no")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interest_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interest_expo_id"), ["expo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interest_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interest_pitch_id"), ["pitch_id"], unique=False)

    op.create_table(
        "lot_event",
        sa.Column("lot_id", base.Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "OPEN",
                "BID",
                "CALL",
                "CORRECTION",
                "PAUSE",
                "RESUME",
                "LADDER",
                "RESERVE_LOWERED",
                "RESERVE_SEEN",
                "SOLD",
                "PASSED",
                "WITHDRAWN",
                "REOPENED",
                "DEFAULT",
                name="eventkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("amount", base.Fen(), nullable=True),
        sa.Column("bidder_id", base.Key(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("ROOM", "PHONE", "WRITTEN", "PRIORITY", name="channel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("console", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_lot_event_bidder_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_event_lot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_event")),
        sa.UniqueConstraint("lot_id", "seq", name=op.f("uq_lot_event_lot_id_seq")),
    )
    with op.batch_alter_table("lot_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_event_bidder_id"), ["bidder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_event_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "lot_patent",
        sa.Column("lot_id", base.Key(), nullable=False),
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
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_patent_lot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_patent")),
    )
    with op.batch_alter_table("lot_patent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_patent_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "lot_right",
        sa.Column("lot_id", base.Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("CO_OWNER", "INVENTOR", "CLIENT", name="rightrole", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column(
            "consent",
            sa.Enum("PENDING", "GIVEN", "REFUSED", name="consent", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column(
            "priority",
            sa.Enum("PENDING", "WAIVED", "CLAIMED", name="priority", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("bidder_id", base.Key(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_lot_right_bidder_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_right_lot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_right")),
        sa.UniqueConstraint("lot_id", "role", "name", name=op.f("uq_lot_right_lot_id_role_name")),
    )
    with op.batch_alter_table("lot_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_right_bidder_id"), ["bidder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_right_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "written_order",
        sa.Column("lot_id", base.Key(), nullable=False),
        sa.Column("bidder_id", base.Key(), nullable=False),
        sa.Column("up_to", base.Fen(), nullable=False),
        sa.Column("received_at", base.Moment(), nullable=False),
        sa.Column("id", base.Key(), nullable=False),
        sa.CheckConstraint("up_to > 0", name=op.f("ck_written_order_up_to")),
        sa.ForeignKeyConstraint(
            ["bidder_id"], ["bidder.id"], name=op.f("fk_written_order_bidder_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_written_order_lot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_order")),
        sa.UniqueConstraint("lot_id", "bidder_id", name=op.f("uq_written_order_lot_id_bidder_id")),
    )
    with op.batch_alter_table("written_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_written_order_bidder_id"), ["bidder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_written_order_lot_id"), ["lot_id"], unique=False)

    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("started_at", base.Moment(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", base.Moment(), nullable=True))
        batch_op.add_column(sa.Column("is_cancelled", sa.Boolean(), nullable=True))
    fill("pitch", "is_cancelled", sa.Boolean(), False)
    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.alter_column("is_cancelled", existing_type=sa.Boolean(), nullable=False)

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interest_id", base.Key(), nullable=True))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_interest_id"), ["interest_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_task_interest_id"), "interest", ["interest_id"], ["id"], ondelete="SET NULL"
        )
