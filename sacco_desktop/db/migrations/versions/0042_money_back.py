"""Money that came in and is given back: payments taken back through M-Pesa or refunded, and codes that members show."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_ONE = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'
_LIVES = sa.text("status NOT IN ('failed', 'dropped')")
_STANDS = sa.text("status <> 'dropped'")
_STATES = "state IN ('waiting', 'allocated', 'disputed', 'refuted', 'returning', 'returned')"


def upgrade() -> None:
    """Nothing was given back yet, and no code was claimed."""
    _make_reversal()
    _make_claim()
    _make_question()
    _make_refund()
    with op.batch_alter_table("mpesa_receipt") as batch:
        batch.drop_constraint(op.f("ck_mpesa_receipt_state_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_mpesa_receipt_state_is_known"), _STATES)
    # Only for books that belong to a society: new ones get their levels when it is set up.
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
            " SELECT 'receipt_reversal', :since, :bands, created_at FROM society"
        ),
        {"since": _SINCE_EVER, "bands": _ONE},
    )


def _make_reversal() -> None:
    op.create_table(
        "receipt_reversal",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("reason", types.PersonalText("receipt_reversal.reason"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("receipt_reversal.words"), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=True),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("times_sent", types.WideInteger(), nullable=False),
        sa.Column("sent_by", types.WideInteger(), nullable=True),
        sa.Column("sent_at", types.UtcMoment(), nullable=True),
        sa.Column("originator_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("claimed_at", types.UtcMoment(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("questions_asked", types.WideInteger(), nullable=False),
        sa.Column("next_question_at", types.UtcMoment(), nullable=True),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", types.PersonalText("receipt_reversal.answer"), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "claim IN ('', 'failed')", name=op.f("ck_receipt_reversal_claim_is_known")
        ),
        sa.CheckConstraint(
            "(status = 'done') = (entry_number IS NOT NULL)",
            name=op.f("ck_receipt_reversal_done_has_its_entry"),
        ),
        sa.CheckConstraint(
            "(status = 'done') = (evidence <> '')",
            name=op.f("ck_receipt_reversal_done_has_its_evidence"),
        ),
        sa.CheckConstraint(
            "evidence IN ('', 'claimed', 'verified')",
            name=op.f("ck_receipt_reversal_evidence_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'approved', 'sending', 'accepted', 'unknown', 'done', 'failed', 'dropped')",
            name=op.f("ck_receipt_reversal_status_is_known"),
        ),
        sa.CheckConstraint(
            "cents > 0 AND cents % 100 = 0", name=op.f("ck_receipt_reversal_whole_shillings")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_receipt_reversal_asked_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["mpesa_receipt.id"],
            name=op.f("fk_receipt_reversal_receipt_id_mpesa_receipt"),
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_receipt_reversal_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_receipt_reversal_sent_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_reversal")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_receipt_reversal_entry_number")),
        sa.UniqueConstraint("number", name=op.f("uq_receipt_reversal_number")),
        sa.UniqueConstraint("tag", name=op.f("uq_receipt_reversal_tag")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_receipt_reversal_status",
        "receipt_reversal",
        ["status", "next_question_at"],
        unique=False,
    )
    op.create_index(
        "uq_receipt_reversal_receipt_id_lives",
        "receipt_reversal",
        ["receipt_id"],
        unique=True,
        sqlite_where=_LIVES,
        postgresql_where=_LIVES,
    )


def _make_claim() -> None:
    op.create_table(
        "receipt_claim",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("paid_on", types.IsoDate(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("receipt_claim.words"), nullable=False),
        sa.Column("claimed_by", types.WideInteger(), nullable=False),
        sa.Column("claimed_at", types.UtcMoment(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=True),
        sa.Column("questions_asked", types.WideInteger(), nullable=False),
        sa.Column("not_known_at", types.UtcMoment(), nullable=True),
        sa.Column("next_question_at", types.UtcMoment(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_receipt_claim_cents_above_zero")),
        sa.CheckConstraint(
            "(purpose IN ('loan', 'loan-fees')) = (loan_id IS NOT NULL)",
            name=op.f("ck_receipt_claim_loan_has_its_number"),
        ),
        sa.CheckConstraint(
            "(receipt_id IS NOT NULL) = (status IN ('proven', 'differs'))",
            name=op.f("ck_receipt_claim_proven_by_its_payment"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'proven', 'differs', 'not_ours', 'not_known', 'dropped')",
            name=op.f("ck_receipt_claim_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"],
            ["user_account.id"],
            name=op.f("fk_receipt_claim_claimed_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_receipt_claim_loan_id_loan")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_receipt_claim_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["mpesa_receipt.id"],
            name=op.f("fk_receipt_claim_receipt_id_mpesa_receipt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_claim")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_receipt_claim_receipt_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_claim_member_id", "receipt_claim", ["member_id"], unique=False)
    op.create_index(
        "ix_receipt_claim_status", "receipt_claim", ["status", "next_question_at"], unique=False
    )
    op.create_index(
        "uq_receipt_claim_code_stands",
        "receipt_claim",
        ["code"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def _make_question() -> None:
    op.create_table(
        "receipt_question",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("claim_id", types.WideInteger(), nullable=True),
        sa.Column("reversal_id", types.WideInteger(), nullable=True),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("answered_at", types.UtcMoment(), nullable=True),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("receipt_question.words"), nullable=False),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", types.PersonalText("receipt_question.answer"), nullable=False),
        sa.CheckConstraint(
            "(claim_id IS NULL) <> (reversal_id IS NULL)",
            name=op.f("ck_receipt_question_about_one_thing"),
        ),
        sa.CheckConstraint(
            "state IN ('asking', 'accepted', 'answered', 'unanswered')",
            name=op.f("ck_receipt_question_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_receipt_question_asked_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["receipt_claim.id"],
            name=op.f("fk_receipt_question_claim_id_receipt_claim"),
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_receipt_question_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_id"],
            ["receipt_reversal.id"],
            name=op.f("fk_receipt_question_reversal_id_receipt_reversal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_question")),
        sa.UniqueConstraint("tag", name=op.f("uq_receipt_question_tag")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_question_claim_id", "receipt_question", ["claim_id"], unique=False)
    op.create_index(
        "ix_receipt_question_reversal_id", "receipt_question", ["reversal_id"], unique=False
    )


def _make_refund() -> None:
    op.create_table(
        "receipt_refund",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("confirmed", types.PersonalText("receipt_refund.confirmed"), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_receipt_refund_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_receipt_refund_payout_id_payout")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["mpesa_receipt.id"],
            name=op.f("fk_receipt_refund_receipt_id_mpesa_receipt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_refund")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_receipt_refund_payout_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_refund_receipt_id", "receipt_refund", ["receipt_id"], unique=False)
