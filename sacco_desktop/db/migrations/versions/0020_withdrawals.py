"""How savings go out: terms of withdrawals and claims, the fee of a payout, when a notice was used, and claims."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NUMBERS = ("most_a_month", "fee_cents", "wait_days", "claims_a_year")
_NOTHING_NEGATIVE = (
    "preset_cents >= 0 AND expected_cents >= 0 AND least_cents >= 0 AND notice_days >= 0"
    " AND most_a_month >= 0 AND fee_cents >= 0 AND wait_days >= 0 AND claims_a_year >= 0"
)
_ADDS_UP = "net_cents = mpesa_cents + handed_cents + deposits_cents + recovered_cents + fee_cents"
_USED_WHEN_RIPE = (
    "(payout_id IS NULL) = (used_on IS NULL) AND (used_on IS NULL OR used_on >= ripe_on)"
)


def upgrade() -> None:
    """Terms that are there say nothing of how money goes out, and no payout that is there has a fee."""
    _widen_terms()
    _widen_payout()
    _widen_notice()
    _make_claim()


def _widen_terms() -> None:
    with op.batch_alter_table("savings_terms") as batch:
        for name in _NUMBERS:
            batch.add_column(
                sa.Column(name, types.WideInteger(), nullable=False, server_default="0")
            )
        batch.add_column(sa.Column("benefits", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("savings_terms") as batch:
        for name in (*_NUMBERS, "benefits"):
            batch.alter_column(name, server_default=None)
        batch.drop_constraint(op.f("ck_savings_terms_nothing_negative"), type_="check")
        batch.create_check_constraint(op.f("ck_savings_terms_nothing_negative"), _NOTHING_NEGATIVE)


def _widen_payout() -> None:
    with op.batch_alter_table("payout") as batch:
        batch.add_column(
            sa.Column("fee_cents", types.WideInteger(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("payout") as batch:
        batch.alter_column("fee_cents", server_default=None)
        batch.drop_constraint(op.f("ck_payout_parts_add_up"), type_="check")
        batch.create_check_constraint(op.f("ck_payout_parts_add_up"), _ADDS_UP)
        batch.create_check_constraint(op.f("ck_payout_fee_not_negative"), "fee_cents >= 0")


def _widen_notice() -> None:
    with op.batch_alter_table("withdrawal_notice") as batch:
        batch.add_column(sa.Column("used_on", types.IsoDate(), nullable=True))
    op.execute("UPDATE withdrawal_notice SET used_on = ripe_on WHERE payout_id IS NOT NULL")
    with op.batch_alter_table("withdrawal_notice") as batch:
        batch.create_check_constraint(op.f("ck_withdrawal_notice_used_when_ripe"), _USED_WHEN_RIPE)


def _make_claim() -> None:
    links = {
        "member_id": "member",
        "product_id": "savings_product",
        "payout_id": "payout",
        "recorded_by": "user_account",
    }
    op.create_table(
        "fund_claim",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("product_id", types.WideInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("person", types.PersonalText("fund_claim.person"), nullable=False),
        sa.Column("happened_on", types.IsoDate(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("most_cents", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_fund_claim_cents_above_zero")),
        sa.CheckConstraint(
            "most_cents = 0 OR (most_cents > 0 AND cents <= most_cents)",
            name=op.f("ck_fund_claim_within_limit"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_fund_claim_{column}_{table}")
            )
            for column, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_fund_claim_number")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_fund_claim_payout_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_fund_claim_member_id", "fund_claim", ["member_id"], unique=False)
