"""Insiders, the members' vote, a smaller sum than was asked for, and fees that are paid beside the loan."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is an insider yet and no vote is needed; loans of insiders need what other loans need, as before."""
    _make_insider_tie()
    _make_loan_lowering()
    _make_members_vote()
    _make_fees()
    with op.batch_alter_table("approval_need") as needs:
        needs.add_column(
            sa.Column("members_vote", types.Flag(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("approval_need") as needs:
        needs.alter_column("members_vote", server_default=None)
    op.execute(
        "INSERT INTO approval_levels (kind, effective_on, bands, request_id, written_at)"
        " SELECT 'insider_loan', effective_on, bands, request_id, written_at FROM approval_levels"
        " WHERE kind = 'loan' ORDER BY id"
    )


def _make_insider_tie() -> None:
    op.create_table(
        "insider_tie",
        _number("id"),
        _number("member_id"),
        _text("kind"),
        _text("kin"),
        _number("of_member_id", is_optional=True),
        sa.Column("from_on", types.IsoDate(), nullable=False),
        sa.Column("until_on", types.IsoDate(), nullable=True),
        sa.Column("note", types.PersonalText("insider_tie.note"), nullable=False),
        _number("written_by"),
        sa.Column("written_at", types.UtcMoment(), nullable=False),
        _number("ended_by", is_optional=True),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("ended_why", types.PersonalText("insider_tie.ended_why"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'relation') = (of_member_id IS NOT NULL)",
            name=op.f("ck_insider_tie_relation_of_somebody"),
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR (ended_at IS NOT NULL AND until_on IS NOT NULL)",
            name=op.f("ck_insider_tie_end_is_whole"),
        ),
        sa.CheckConstraint(
            "kind IN ('board', 'committee', 'supervisory', 'officer', 'employee', 'relation')",
            name=op.f("ck_insider_tie_kind_is_known"),
        ),
        sa.CheckConstraint(
            "of_member_id IS NULL OR of_member_id <> member_id",
            name=op.f("ck_insider_tie_of_another"),
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on",
            name=op.f("ck_insider_tie_ends_after_it_begins"),
        ),
        *_links(
            "insider_tie",
            member_id="member",
            of_member_id="member",
            written_by="user_account",
            ended_by="user_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insider_tie")),
        sqlite_strict=True,
    )
    op.create_index("ix_insider_tie_member_id", "insider_tie", ["member_id"], unique=False)
    op.create_index("ix_insider_tie_of_member_id", "insider_tie", ["of_member_id"], unique=False)


def _make_loan_lowering() -> None:
    op.create_table(
        "loan_lowering",
        _number("id"),
        _number("loan_id"),
        _number("request_id"),
        _number("from_cents"),
        _number("to_cents"),
        _number("from_instalments"),
        _number("to_instalments"),
        _text("reason"),
        _number("lowered_by"),
        sa.Column("lowered_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_loan_lowering_reason_is_there")),
        sa.CheckConstraint(
            "to_cents > 0 AND to_cents <= from_cents AND to_instalments > 0"
            " AND to_instalments <= from_instalments"
            " AND (to_cents < from_cents OR to_instalments < from_instalments)",
            name=op.f("ck_loan_lowering_is_less"),
        ),
        *_links(
            "loan_lowering",
            loan_id="loan",
            request_id="approval_request",
            lowered_by="user_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_lowering")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_lowering_loan_id", "loan_lowering", ["loan_id"], unique=False)


def _make_members_vote() -> None:
    op.create_table(
        "members_vote",
        _number("id"),
        _number("request_id"),
        _text("meeting"),
        sa.Column("held_on", types.IsoDate(), nullable=False),
        _text("minute_number"),
        _number("votes_for"),
        _number("votes_against"),
        _number("abstained"),
        sa.Column("passed", types.Flag(), nullable=False),
        sa.Column("evidence", types.PersonalText("members_vote.evidence"), nullable=False),
        _number("document_id", is_optional=True),
        _number("recorded_by"),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "NOT passed OR votes_for > votes_against",
            name=op.f("ck_members_vote_passed_by_votes"),
        ),
        sa.CheckConstraint(
            "minute_number <> '' AND meeting <> ''", name=op.f("ck_members_vote_minute_is_named")
        ),
        sa.CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0",
            name=op.f("ck_members_vote_votes_not_negative"),
        ),
        *_links(
            "members_vote",
            request_id="approval_request",
            document_id="member_document",
            recorded_by="user_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_vote")),
        sqlite_strict=True,
    )
    op.create_index("ix_members_vote_request_id", "members_vote", ["request_id"], unique=False)


def _make_fees() -> None:
    op.create_table(
        "loan_separate_fee",
        _number("id"),
        _number("loan_id"),
        _number("line"),
        _text("name"),
        _number("amount_cents"),
        _text("account_code"),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_loan_separate_fee_amount_above_zero")),
        *_links("loan_separate_fee", loan_id="loan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_separate_fee")),
        sa.UniqueConstraint("loan_id", "line", name=op.f("uq_loan_separate_fee_loan_id_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "loan_fee_receipt",
        _number("id"),
        _number("loan_id"),
        _number("cents"),
        _text("receipt"),
        _number("entry_number"),
        _text("slip"),
        sa.Column("value_date", types.IsoDate(), nullable=False),
        _number("taken_by"),
        sa.Column("taken_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_loan_fee_receipt_cents_above_zero")),
        *_links("loan_fee_receipt", loan_id="loan", taken_by="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_fee_receipt")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_loan_fee_receipt_entry_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_loan_fee_receipt_receipt")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_fee_receipt_loan_id", "loan_fee_receipt", ["loan_id"], unique=False)


def _number(name: str, *, is_optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, types.WideInteger(), nullable=is_optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _links(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in columns.items()
    ]
