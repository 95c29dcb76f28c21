"""Money in: payments to the paybill by M-Pesa's receipt, what became of them, and prompts on members' phones."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0031"
down_revision = "0024"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('sending', 'waiting', 'unknown')")
_SOURCES = "source IN ('cash', 'bank', 'cheque', 'check_off', 'mpesa')"
_ROADS = "road IN ('stk', 'c2b', 'pull', 'statement', 'status')"


def upgrade() -> None:
    """Books that are there have heard of no payment, and register their addresses in the newer version."""
    _make_receipt()
    _make_word()
    _make_allocation()
    _make_prompt()
    _make_pull()
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_source_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_contribution_source_is_known"), _SOURCES)
    with op.batch_alter_table("mpesa_connection") as batch:
        batch.add_column(sa.Column("c2b_version", sa.Text(), nullable=False, server_default="v2"))
    with op.batch_alter_table("mpesa_connection") as batch:
        batch.alter_column("c2b_version", server_default=None)
        batch.create_check_constraint(
            op.f("ck_mpesa_connection_c2b_version_is_known"), "c2b_version IN ('v1', 'v2')"
        )


def _make_receipt() -> None:
    op.create_table(
        "mpesa_receipt",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("paid_at", types.UtcMoment(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("reference", types.PersonalText("mpesa_receipt.reference"), nullable=False),
        sa.Column("payer_phone", types.PersonalText("mpesa_receipt.payer_phone"), nullable=True),
        sa.Column("payer_hash", types.PersonalText("mpesa_receipt.payer_hash"), nullable=True),
        sa.Column("payer_masked", types.PersonalText("mpesa_receipt.payer_masked"), nullable=True),
        sa.Column("payer_name", types.PersonalText("mpesa_receipt.payer_name"), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("heard_at", types.UtcMoment(), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_mpesa_receipt_amount_above_zero")),
        sa.CheckConstraint(
            "evidence IN ('claimed', 'verified')", name=op.f("ck_mpesa_receipt_evidence_is_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'allocated', 'disputed', 'refuted')",
            name=op.f("ck_mpesa_receipt_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mpesa_receipt")),
        sa.UniqueConstraint("receipt", name=op.f("uq_mpesa_receipt_receipt")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_mpesa_receipt_entry_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_mpesa_receipt_state", "mpesa_receipt", ["state", "id"], unique=False)
    op.create_index("ix_mpesa_receipt_paid_at", "mpesa_receipt", ["paid_at"], unique=False)


def _make_word() -> None:
    op.create_table(
        "receipt_word",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=False),
        sa.Column("road", sa.Text(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("words", types.PersonalText("receipt_word.words"), nullable=False),
        sa.Column("heard_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(_ROADS, name=op.f("ck_receipt_word_road_is_known")),
        _link("receipt_word", "receipt_id", "mpesa_receipt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_word")),
        sa.UniqueConstraint(
            "receipt_id",
            "road",
            "amount_cents",
            name=op.f("uq_receipt_word_receipt_id_road_amount_cents"),
        ),
        sqlite_strict=True,
    )


def _make_allocation() -> None:
    links = {
        "receipt_id": "mpesa_receipt",
        "member_id": "member",
        "loan_id": "loan",
        "allocated_by": "user_account",
    }
    op.create_table(
        "receipt_allocation",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("slip", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("allocated_by", types.WideInteger(), nullable=False),
        sa.Column("allocated_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_receipt_allocation_cents_above_zero")),
        sa.CheckConstraint(
            "how IN ('prompt', 'reference', 'person')",
            name=op.f("ck_receipt_allocation_how_is_known"),
        ),
        *(_link("receipt_allocation", *link) for link in links.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_allocation")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_receipt_allocation_entry_number")),
        sqlite_strict=True,
    )
    for column in ("receipt_id", "member_id"):
        op.create_index(
            f"ix_receipt_allocation_{column}", "receipt_allocation", [column], unique=False
        )


def _make_prompt() -> None:
    links = {
        "member_id": "member",
        "loan_id": "loan",
        "relay_id": "relay",
        "receipt_id": "mpesa_receipt",
        "asked_by": "user_account",
    }
    checks = {
        "status_is_known": "status IN ('sending', 'waiting', 'unknown', 'paid', 'failed', 'lapsed')",
        "whole_shillings": "amount_cents > 0 AND amount_cents % 100 = 0",
        "loan_has_its_number": "(purpose = 'loan') = (loan_id IS NOT NULL)",
        "receipt_is_of_paid": "receipt_id IS NULL OR status = 'paid'",
        "claim_is_known": "claim IN ('', 'paid', 'failed')",
    }
    op.create_table(
        "mpesa_prompt",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("phone", types.PersonalText("mpesa_prompt.phone"), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("mpesa_prompt.words"), nullable=False),
        sa.Column("merchant_request_id", sa.Text(), nullable=True),
        sa.Column("checkout_request_id", sa.Text(), nullable=True),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=True),
        sa.Column("questions_asked", types.WideInteger(), nullable=False),
        sa.Column("next_question_at", types.UtcMoment(), nullable=True),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", types.PersonalText("mpesa_prompt.answer"), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_mpesa_prompt_{name}"))
            for name, words in checks.items()
        ),
        *(_link("mpesa_prompt", *link) for link in links.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mpesa_prompt")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_mpesa_prompt_{column}"))
            for column in ("number", "tag", "checkout_request_id", "receipt_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_mpesa_prompt_phone_open",
        "mpesa_prompt",
        ["phone"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_mpesa_prompt_member_id", "mpesa_prompt", ["member_id"], unique=False)
    op.create_index(
        "ix_mpesa_prompt_status", "mpesa_prompt", ["status", "next_question_at"], unique=False
    )


def _make_pull() -> None:
    op.create_table(
        "receipt_pull",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("since", types.UtcMoment(), nullable=False),
        sa.Column("until", types.UtcMoment(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rows", types.WideInteger(), nullable=False),
        sa.Column("missed", types.WideInteger(), nullable=False),
        sa.Column("words", types.PersonalText("receipt_pull.words"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('told', 'not_told')", name=op.f("ck_receipt_pull_outcome_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_pull")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_pull_shortcode", "receipt_pull", ["shortcode", "id"], unique=False)


def _link(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
