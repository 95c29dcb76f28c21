"""What members pay in: products with terms, contributions, cheques, notices of withdrawal and check-off lists."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_ACCOUNTS = (
    ("1025", "Cheques of members to clear", "asset", False),
    ("2152", "Members for cheques to clear", "liability", False),
)
_PRODUCTS = (
    ("deposits", "Deposits", "deposits", "2010", "by_decision", 0),
    ("special_savings", "Special savings", "savings", "2040", "by_notice", 30),
    ("share_capital", "Share capital", "shares", "3010", "never", 0),
    ("welfare", "Welfare", "fund", "2170", "by_claim", 0),
)
_PURPOSES = (
    "purpose IN ('loan', 'deposit_refund', 'receipt_refund', 'exit_refund', 'welfare_claim',"
    " 'dividend', 'honorarium', 'office_expense', 'savings_withdrawal')"
)
_ONE = '[{"steps":[{"quorum":1,"roles":%s}],"up_to_cents":null}]'
_LEVELS = {
    "savings_terms": _ONE % '["chairperson","committee","secretary"]',
    "check_off": _ONE % '["chairperson","committee","secretary","treasurer"]',
}
# Cash deposits that were taken before contributions were kept beside their entries.
_OLD_DEPOSITS = """
INSERT INTO contribution
    (receipt, member_id, source, reference, till, value_date, amount_cents, entry_number, taken_by, taken_at)
SELECT e.reference, m.id, 'cash', '', '', e.value_date, p.credit_cents, e.number, e.posted_by, e.posted_at
FROM journal_entry e
JOIN posting p ON p.entry_id = e.id AND p.credit_cents > 0
JOIN account a ON a.id = p.account_id
JOIN member m ON a.code = '2010.' || m.number
WHERE e.kind = 'cash_deposit' AND e.posted_at IS NOT NULL
ORDER BY e.number
"""
_OLD_PARTS = """
INSERT INTO contribution_part (contribution_id, product_id, cents)
SELECT c.id, s.id, c.amount_cents FROM contribution c JOIN savings_product s ON s.code = 'deposits' ORDER BY c.id
"""


def upgrade() -> None:
    """Make room for all of it; give books that belong to a society the products that new ones begin with."""
    _make_product()
    _make_terms()
    _make_contribution()
    _make_contribution_part()
    _make_cheque_clearing()
    _make_withdrawal_notice()
    _make_check_off_list()
    _make_check_off_line()
    with op.batch_alter_table("payout") as batch:
        batch.drop_constraint(op.f("ck_payout_purpose_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_payout_purpose_is_known"), _PURPOSES)
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM society")):
        _open_accounts()
        _write_products()
        _write_levels()
        op.execute(_OLD_DEPOSITS)
        op.execute(_OLD_PARTS)


def _open_accounts() -> None:
    account = sa.table(
        "account",
        sa.column("code"),
        sa.column("name"),
        sa.column("type"),
        sa.column("is_control", types.Flag()),
    )
    names = ("code", "name", "type", "is_control")
    rows = [dict(zip(names, one, strict=True)) for one in _ACCOUNTS]
    op.get_bind().execute(sa.insert(account), rows)


def _write_products() -> None:
    add = sa.text(
        "INSERT INTO savings_product (code, kind, account_code) VALUES (:code, :kind, :account)"
    )
    terms = sa.text(
        "INSERT INTO savings_terms (product_id, effective_on, name, is_open, preset_cents, every,"
        " expected_cents, due_day, withdrawal, least_cents, notice_days)"
        " SELECT id, :since, :name, :is_open, 0, 'none', 0, 1, :withdrawal, 0, :days"
        " FROM savings_product WHERE code = :code"
    ).bindparams(sa.bindparam("is_open", True, types.Flag()))
    for code, name, kind, account, withdrawal, days in _PRODUCTS:
        op.get_bind().execute(add, {"code": code, "kind": kind, "account": account})
        row = {"since": _SINCE_EVER, "name": name, "withdrawal": withdrawal, "days": days}
        op.get_bind().execute(terms, {**row, "code": code})


def _write_levels() -> None:
    for kind, bands in _LEVELS.items():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
                " SELECT :kind, :since, :bands, created_at FROM society"
            ),
            {"kind": kind, "since": _SINCE_EVER, "bands": bands},
        )


def _make_product() -> None:
    op.create_table(
        "savings_product",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('deposits', 'savings', 'shares', 'fund')",
            name=op.f("ck_savings_product_kind_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_product")),
        sa.UniqueConstraint("account_code", name=op.f("uq_savings_product_account_code")),
        sa.UniqueConstraint("code", name=op.f("uq_savings_product_code")),
        sqlite_strict=True,
    )


def _make_terms() -> None:
    op.create_table(
        "savings_terms",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("product_id", types.WideInteger(), nullable=False),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_open", types.Flag(), nullable=False),
        sa.Column("preset_cents", types.WideInteger(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("expected_cents", types.WideInteger(), nullable=False),
        sa.Column("due_day", types.WideInteger(), nullable=False),
        sa.Column("withdrawal", sa.Text(), nullable=False),
        sa.Column("least_cents", types.WideInteger(), nullable=False),
        sa.Column("notice_days", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "due_day >= 1 AND due_day <= 31", name=op.f("ck_savings_terms_due_day_is_a_day")
        ),
        sa.CheckConstraint(
            "every IN ('none', 'week', 'month')", name=op.f("ck_savings_terms_every_is_known")
        ),
        sa.CheckConstraint(
            "(every = 'none') = (expected_cents = 0)",
            name=op.f("ck_savings_terms_how_often_and_how_much"),
        ),
        sa.CheckConstraint(
            "preset_cents >= 0 AND expected_cents >= 0 AND least_cents >= 0 AND notice_days >= 0",
            name=op.f("ck_savings_terms_nothing_negative"),
        ),
        sa.CheckConstraint(
            "withdrawal IN ('never', 'by_decision', 'by_notice', 'by_claim')",
            name=op.f("ck_savings_terms_withdrawal_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["savings_product.id"],
            name=op.f("fk_savings_terms_product_id_savings_product"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_savings_terms_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_terms")),
        sa.UniqueConstraint(
            "product_id", "effective_on", name=op.f("uq_savings_terms_product_id_effective_on")
        ),
        sa.UniqueConstraint("request_id", name=op.f("uq_savings_terms_request_id")),
        sqlite_strict=True,
    )


def _make_contribution() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("till", sa.Text(), nullable=False),
        sa.Column("value_date", types.IsoDate(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("taken_by", types.WideInteger(), nullable=False),
        sa.Column("taken_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_contribution_amount_above_zero")),
        sa.CheckConstraint(
            "source = 'cash' OR reference <> ''", name=op.f("ck_contribution_paper_has_a_number")
        ),
        sa.CheckConstraint(
            "source IN ('cash', 'bank', 'cheque', 'check_off')",
            name=op.f("ck_contribution_source_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_contribution_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["user_account.id"], name=op.f("fk_contribution_taken_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("receipt", name=op.f("uq_contribution_receipt")),
        sqlite_strict=True,
    )
    op.create_index("ix_contribution_entry_number", "contribution", ["entry_number"], unique=False)
    op.create_index("ix_contribution_member_id", "contribution", ["member_id"], unique=False)
    op.create_index("ix_contribution_value_date", "contribution", ["value_date"], unique=False)


def _make_contribution_part() -> None:
    op.create_table(
        "contribution_part",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("contribution_id", types.WideInteger(), nullable=False),
        sa.Column("product_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_contribution_part_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_part_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["savings_product.id"],
            name=op.f("fk_contribution_part_product_id_savings_product"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_part")),
        sa.UniqueConstraint(
            "contribution_id",
            "product_id",
            name=op.f("uq_contribution_part_contribution_id_product_id"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_contribution_part_product_id", "contribution_part", ["product_id"], unique=False
    )


def _make_cheque_clearing() -> None:
    op.create_table(
        "cheque_clearing",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("contribution_id", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("cleared_on", types.IsoDate(), nullable=False),
        sa.Column("said_by", types.WideInteger(), nullable=False),
        sa.Column("said_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_cheque_clearing_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["user_account.id"], name=op.f("fk_cheque_clearing_said_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cheque_clearing")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_cheque_clearing_entry_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_cheque_clearing_contribution_id", "cheque_clearing", ["contribution_id"], unique=False
    )


def _make_withdrawal_notice() -> None:
    op.create_table(
        "withdrawal_notice",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("product_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("given_on", types.IsoDate(), nullable=False),
        sa.Column("ripe_on", types.IsoDate(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=True),
        sa.Column("taken_back_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_withdrawal_notice_cents_above_zero")),
        sa.CheckConstraint(
            "ripe_on >= given_on", name=op.f("ck_withdrawal_notice_ripe_after_given")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_withdrawal_notice_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_withdrawal_notice_payout_id_payout")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["savings_product.id"],
            name=op.f("fk_withdrawal_notice_product_id_savings_product"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_withdrawal_notice_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_notice")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_withdrawal_notice_member_id", "withdrawal_notice", ["member_id"], unique=False
    )


def _make_check_off_list() -> None:
    op.create_table(
        "check_off_list",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("value_date", types.IsoDate(), nullable=False),
        sa.Column("total_cents", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_by", types.WideInteger(), nullable=False),
        sa.Column("started_at", types.UtcMoment(), nullable=False),
        sa.Column("posted_at", types.UtcMoment(), nullable=True),
        sa.Column("lump_entry", types.WideInteger(), nullable=True),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("undo_entry", types.WideInteger(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_check_off_list_month_is_iso")),
        sa.CheckConstraint(
            "(lump_entry IS NOT NULL) = (status IN ('posted', 'undone'))",
            name=op.f("ck_check_off_list_posted_has_entry"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'asked', 'posted', 'undone', 'dropped')",
            name=op.f("ck_check_off_list_status_is_known"),
        ),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_check_off_list_total_above_zero")),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["user_account.id"],
            name=op.f("fk_check_off_list_started_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_off_list")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_check_off_list_entry_number")),
        sa.UniqueConstraint("lump_entry", name=op.f("uq_check_off_list_lump_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_check_off_list_number")),
        sqlite_strict=True,
    )


def _make_check_off_line() -> None:
    op.create_table(
        "check_off_line",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("list_id", types.WideInteger(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("named", types.PersonalText("check_off_line.named"), nullable=False),
        sa.Column("name", types.PersonalText("check_off_line.name"), nullable=False),
        sa.Column("product_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("contribution_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_check_off_line_cents_above_zero")),
        sa.CheckConstraint(
            "(member_id IS NULL) = (problem <> '')",
            name=op.f("ck_check_off_line_unmatched_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_check_off_line_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["check_off_list.id"],
            name=op.f("fk_check_off_line_list_id_check_off_list"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_check_off_line_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["savings_product.id"],
            name=op.f("fk_check_off_line_product_id_savings_product"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_off_line")),
        sa.UniqueConstraint(
            "list_id", "line", "product_id", name=op.f("uq_check_off_line_list_id_line_product_id")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_check_off_line_member_id", "check_off_line", ["member_id"], unique=False)
