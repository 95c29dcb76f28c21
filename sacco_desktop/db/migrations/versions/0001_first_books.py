"""The first books: members, ledger, loans, approvals, payouts, relays, jobs and audit."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first release."""
    op.create_table(
        "account",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("is_control", types.Flag(), nullable=False),
        sa.Column("control_id", types.WideInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["control_id"], ["account.id"], name=op.f("fk_account_control_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_control_id"), "account", ["control_id"], unique=False)
    op.create_table(
        "audit_row",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("at", types.UtcMoment(), nullable=False),
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("pc_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_row_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_row_subject", "audit_row", ["subject"], unique=False)
    op.create_table(
        "counter",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", types.WideInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
        sqlite_strict=True,
    )
    op.create_table(
        "float_reading",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", types.UtcMoment(), nullable=False),
        sa.Column("available_cents", types.WideInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_float_reading")),
        sqlite_strict=True,
    )
    op.create_index("ix_float_reading_account_at", "float_reading", ["account", "at"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("business_date", types.IsoDate(), nullable=False),
        sa.Column("started_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('running', 'done', 'failed')", name=op.f("ck_job_run_outcome_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sqlite_strict=True,
    )
    op.create_index("ix_job_run_job_started_at", "job_run", ["job", "started_at"], unique=False)
    op.create_table(
        "mpesa_connection",
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("initiator", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("b2c_version", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "b2c_version IN ('v1', 'v3')", name=op.f("ck_mpesa_connection_version_is_known")
        ),
        sa.CheckConstraint(
            "environment IN ('practice', 'sandbox', 'production')",
            name=op.f("ck_mpesa_connection_environment_is_known"),
        ),
        sa.PrimaryKeyConstraint("environment", name=op.f("pk_mpesa_connection")),
        sqlite_strict=True,
    )
    op.create_table(
        "queue_stop",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("stopped_at", types.UtcMoment(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_at", types.UtcMoment(), nullable=True),
        sa.Column("cleared_by", types.WideInteger(), nullable=True),
        sa.Column("clearing_words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_stop")),
        sqlite_strict=True,
    )
    op.create_table(
        "relay",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("api_url", sa.Text(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("epoch", types.WideInteger(), nullable=False),
        sa.Column("sequence", types.WideInteger(), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("read_to_head_at", types.UtcMoment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
        sa.UniqueConstraint("name", name=op.f("uq_relay_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "relay_entry",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("epoch", types.WideInteger(), nullable=False),
        sa.Column("sequence", types.WideInteger(), nullable=False),
        sa.Column("received_at", types.UtcMoment(), nullable=False),
        sa.Column("stored_at", types.UtcMoment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_listed_source", types.Flag(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tries", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'noted', 'parked')", name=op.f("ck_relay_entry_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_entry")),
        sa.UniqueConstraint(
            "relay_id", "epoch", "sequence", name=op.f("uq_relay_entry_relay_id_epoch_sequence")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_relay_entry_state", "relay_entry", ["state"], unique=False)
    op.create_table(
        "setting",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("name", "effective_on", name=op.f("uq_setting_name_effective_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "society",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("books_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_society_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_society")),
        sqlite_strict=True,
    )
    op.create_table(
        "user_account",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.Column("wrong_tries", types.WideInteger(), nullable=False),
        sa.Column("locked_until", types.UtcMoment(), nullable=True),
        sa.Column("created_at", types.UtcMoment(), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
        sqlite_strict=True,
    )
    op.create_table(
        "account_balance",
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("debit_cents", types.WideInteger(), nullable=False),
        sa.Column("credit_cents", types.WideInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_balance_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_balance")),
        sqlite_strict=True,
    )
    op.create_table(
        "approval_request",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", types.WideInteger(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("closed_at", types.UtcMoment(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'rejected', 'void')",
            name=op.f("ck_approval_request_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_approval_request_asked_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
        sqlite_strict=True,
    )
    op.create_index("ix_approval_request_status", "approval_request", ["status"], unique=False)
    op.create_index(
        "ix_approval_request_subject", "approval_request", ["kind", "subject_id"], unique=False
    )
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("closed_by", types.WideInteger(), nullable=False),
        sa.Column("closed_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_closed_month_month_is_iso")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["user_account.id"], name=op.f("fk_closed_month_closed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
        sqlite_strict=True,
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", types.WideInteger(), nullable=False),
        sa.Column("value_date", types.IsoDate(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("narration", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reverses_number", types.WideInteger(), nullable=True),
        sa.Column("posted_by", types.WideInteger(), nullable=False),
        sa.Column("posted_at", types.UtcMoment(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(posted_at IS NULL) = (hash IS NULL)", name=op.f("ck_journal_entry_posted_has_hash")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["user_account.id"], name=op.f("fk_journal_entry_posted_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_entry_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_journal_entry_number")),
        sa.UniqueConstraint("reverses_number", name=op.f("uq_journal_entry_reverses_number")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_journal_entry_reference"), "journal_entry", ["reference"], unique=False
    )
    op.create_index(
        op.f("ix_journal_entry_value_date"), "journal_entry", ["value_date"], unique=False
    )
    op.create_table(
        "member",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("other_names", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("national_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_changed_at", types.UtcMoment(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("joined_on", types.IsoDate(), nullable=False),
        sa.Column("registered_by", types.WideInteger(), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'exited')", name=op.f("ck_member_status_is_known")
        ),
        sa.CheckConstraint("length(phone) = 12", name=op.f("ck_member_phone_has_12_digits")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"],
            ["user_account.id"],
            name=op.f("fk_member_registered_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("national_id", name=op.f("uq_member_national_id")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
        sa.UniqueConstraint("phone", name=op.f("uq_member_phone")),
        sqlite_strict=True,
    )
    op.create_table(
        "money_command",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("done_by", types.WideInteger(), nullable=False),
        sa.Column("done_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by"], ["user_account.id"], name=op.f("fk_money_command_done_by_user_account")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_money_command")),
        sqlite_strict=True,
    )
    op.create_table(
        "paper_print",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("copy_number", types.WideInteger(), nullable=False),
        sa.Column("printed_by", types.WideInteger(), nullable=False),
        sa.Column("printed_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["user_account.id"], name=op.f("fk_paper_print_printed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_print")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_print_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_paper_print_subject", "paper_print", ["subject"], unique=False)
    op.create_table(
        "user_role",
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
        sqlite_strict=True,
    )
    op.create_table(
        "approval_decision",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("decided_by", types.WideInteger(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("decided_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approve', 'reject')", name=op.f("ck_approval_decision_decision_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_approval_decision_decided_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_approval_decision_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_decision")),
        sa.UniqueConstraint(
            "request_id", "decided_by", name=op.f("uq_approval_decision_request_id_decided_by")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "loan",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("product_name", sa.Text(), nullable=False),
        sa.Column("loan_control", sa.Text(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("net_cents", types.WideInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("rate", sa.Text(), nullable=False),
        sa.Column("rate_per", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("instalments", types.WideInteger(), nullable=False),
        sa.Column("rounding_unit_cents", types.WideInteger(), nullable=False),
        sa.Column("grace_days", types.WideInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("applied_on", types.IsoDate(), nullable=False),
        sa.Column("applied_by", types.WideInteger(), nullable=False),
        sa.Column("appraised_by", types.WideInteger(), nullable=True),
        sa.Column("appraised_at", types.UtcMoment(), nullable=True),
        sa.Column("appraisal", sa.Text(), nullable=False),
        sa.Column("approved_at", types.UtcMoment(), nullable=True),
        sa.Column("disbursed_on", types.IsoDate(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('submitted', 'appraised', 'approved', 'rejected', 'disbursement_pending', 'active', 'closed')",
            name=op.f("ck_loan_status_is_known"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_loan_amount_above_zero")),
        sa.CheckConstraint("net_cents >= 0", name=op.f("ck_loan_net_not_negative")),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["user_account.id"], name=op.f("fk_loan_applied_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["appraised_by"], ["user_account.id"], name=op.f("fk_loan_appraised_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_loan_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("number", name=op.f("uq_loan_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_member_id", "loan", ["member_id"], unique=False)
    op.create_index("ix_loan_status", "loan", ["status"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("entry_id", types.WideInteger(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("debit_cents", types.WideInteger(), nullable=False),
        sa.Column("credit_cents", types.WideInteger(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(debit_cents > 0) <> (credit_cents > 0)", name=op.f("ck_posting_one_side")
        ),
        sa.CheckConstraint(
            "debit_cents >= 0 AND credit_cents >= 0", name=op.f("ck_posting_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_posting_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_posting_entry_id_journal_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("entry_id", "line", name=op.f("uq_posting_entry_id_line")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_posting_account_id_entry_id", "posting", ["account_id", "entry_id"], unique=False
    )
    op.create_table(
        "loan_deduction",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_loan_deduction_amount_above_zero")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_loan_deduction_loan_id_loan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_deduction")),
        sa.UniqueConstraint("loan_id", "line", name=op.f("uq_loan_deduction_loan_id_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "loan_instalment",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("number", types.WideInteger(), nullable=False),
        sa.Column("due_on", types.IsoDate(), nullable=False),
        sa.Column("principal_cents", types.WideInteger(), nullable=False),
        sa.Column("interest_cents", types.WideInteger(), nullable=False),
        sa.Column("balance_cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "principal_cents >= 0 AND interest_cents >= 0",
            name=op.f("ck_loan_instalment_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_loan_instalment_loan_id_loan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_instalment")),
        sa.UniqueConstraint("loan_id", "number", name=op.f("uq_loan_instalment_loan_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_instalment_due_on", "loan_instalment", ["due_on"], unique=False)
    op.create_table(
        "payout",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("net_cents", types.WideInteger(), nullable=False),
        sa.Column("mpesa_cents", types.WideInteger(), nullable=False),
        sa.Column("deposits_cents", types.WideInteger(), nullable=False),
        sa.Column("charge_cents", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("requested_by", types.WideInteger(), nullable=False),
        sa.Column("requested_at", types.UtcMoment(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("paid_at", types.UtcMoment(), nullable=True),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "evidence IN ('none', 'claimed', 'verified')", name=op.f("ck_payout_evidence_is_known")
        ),
        sa.CheckConstraint(
            "status <> 'paid' OR entry_number IS NOT NULL", name=op.f("ck_payout_paid_is_posted")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'in_flight', 'paid', 'cancelled')",
            name=op.f("ck_payout_status_is_known"),
        ),
        sa.CheckConstraint("deposits_cents >= 0", name=op.f("ck_payout_rest_not_negative")),
        sa.CheckConstraint(
            "mpesa_cents >= 0 AND mpesa_cents % 100 = 0", name=op.f("ck_payout_whole_shillings")
        ),
        sa.CheckConstraint(
            "net_cents = mpesa_cents + deposits_cents", name=op.f("ck_payout_parts_add_up")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_payout_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_payout_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name=op.f("fk_payout_requested_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_payout_entry_number")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payout_receipt")),
        sqlite_strict=True,
    )
    op.create_index("ix_payout_status", "payout", ["status"], unique=False)
    op.create_index(
        "uq_payout_loan_id_live",
        "payout",
        ["loan_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "payout_attempt",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("number", types.WideInteger(), nullable=False),
        sa.Column("originator_conversation_id", sa.Text(), nullable=False),
        sa.Column("b2c_version", sa.Text(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("claim_code", sa.Text(), nullable=False),
        sa.Column("claim_words", sa.Text(), nullable=False),
        sa.Column("claimed_at", types.UtcMoment(), nullable=True),
        sa.Column("agreed_at", types.UtcMoment(), nullable=True),
        sa.Column("not_found_answers", types.WideInteger(), nullable=False),
        sa.Column("first_not_found_at", types.UtcMoment(), nullable=True),
        sa.Column("last_not_found_at", types.UtcMoment(), nullable=True),
        sa.Column("times_sent", types.WideInteger(), nullable=False),
        sa.Column("questions_asked", types.WideInteger(), nullable=False),
        sa.Column("next_question_at", types.UtcMoment(), nullable=True),
        sa.Column("sent_by", types.WideInteger(), nullable=False),
        sa.Column("first_sent_at", types.UtcMoment(), nullable=False),
        sa.Column("last_sent_at", types.UtcMoment(), nullable=False),
        sa.Column("settled_at", types.UtcMoment(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "claim IN ('', 'paid', 'failed')", name=op.f("ck_payout_attempt_claim_is_known")
        ),
        sa.CheckConstraint(
            "status IN ('unsent', 'sending', 'accepted', 'unknown', 'paid', 'failed')",
            name=op.f("ck_payout_attempt_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_payout_attempt_payout_id_payout")
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_payout_attempt_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_payout_attempt_sent_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_attempt")),
        sa.UniqueConstraint(
            "originator_conversation_id", name=op.f("uq_payout_attempt_originator_conversation_id")
        ),
        sa.UniqueConstraint("payout_id", "number", name=op.f("uq_payout_attempt_payout_id_number")),
        sa.UniqueConstraint("tag", name=op.f("uq_payout_attempt_tag")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_payout_attempt_conversation_id"),
        "payout_attempt",
        ["conversation_id"],
        unique=False,
    )
    op.create_index("ix_payout_attempt_status", "payout_attempt", ["status"], unique=False)
    op.create_index(
        "uq_payout_attempt_live",
        "payout_attempt",
        ["payout_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('unsent', 'sending', 'accepted', 'unknown', 'paid')"),
        postgresql_where=sa.text("status IN ('unsent', 'sending', 'accepted', 'unknown', 'paid')"),
    )
    op.create_table(
        "mpesa_exchange",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("attempt_id", types.WideInteger(), nullable=False),
        sa.Column("at", types.UtcMoment(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payout_attempt.id"],
            name=op.f("fk_mpesa_exchange_attempt_id_payout_attempt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mpesa_exchange")),
        sqlite_strict=True,
    )
    op.create_index("ix_mpesa_exchange_attempt_id", "mpesa_exchange", ["attempt_id"], unique=False)
    op.create_table(
        "payout_move",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("attempt_id", types.WideInteger(), nullable=True),
        sa.Column("at", types.UtcMoment(), nullable=False),
        sa.Column("by", types.WideInteger(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payout_attempt.id"],
            name=op.f("fk_payout_move_attempt_id_payout_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["user_account.id"], name=op.f("fk_payout_move_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_payout_move_payout_id_payout")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_move")),
        sqlite_strict=True,
    )
    op.create_index("ix_payout_move_payout_id", "payout_move", ["payout_id"], unique=False)
    op.create_table(
        "status_question",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("attempt_id", types.WideInteger(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("answered_at", types.UtcMoment(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asking', 'accepted', 'answered', 'unanswered')",
            name=op.f("ck_status_question_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payout_attempt.id"],
            name=op.f("fk_status_question_attempt_id_payout_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_status_question_relay_id_relay")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_question")),
        sa.UniqueConstraint("tag", name=op.f("uq_status_question_tag")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_status_question_attempt_id", "status_question", ["attempt_id"], unique=False
    )
    op.create_index(
        op.f("ix_status_question_conversation_id"),
        "status_question",
        ["conversation_id"],
        unique=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # The program itself has the first id; SQLite counts on from there by itself.
        op.execute("ALTER SEQUENCE user_account_id_seq RESTART WITH 2")


def downgrade() -> None:
    """Books are restored from the backup made before the upgrade, never migrated back."""
    raise NotImplementedError
