"""Payouts in parts, for other purposes than loans, and by other ways than M-Pesa."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What a payout of the first books gets in each new column; it went to a member's phone, whole, and for a loan.
_NEW_COLUMNS: list[tuple[str, Any, int | str]] = [
    ("part", types.WideInteger(), 1),
    ("parts", types.WideInteger(), 1),
    ("way", sa.Text(), "mpesa"),
    ("handed_cents", types.WideInteger(), 0),
    ("recovered_cents", types.WideInteger(), 0),
    ("bearer", sa.Text(), "society"),
    ("tariff", sa.Text(), ""),
    ("account_code", sa.Text(), ""),
    ("content_form", types.WideInteger(), 1),
]
_FIXED: list[tuple[str, Any]] = [
    ("number", sa.Text()),
    ("purpose", sa.Text()),
    ("phone", sa.Text()),
    ("net_cents", types.WideInteger()),
    ("mpesa_cents", types.WideInteger()),
    ("deposits_cents", types.WideInteger()),
    ("charge_cents", types.WideInteger()),
    ("status", sa.Text()),
    ("evidence", sa.Text()),
    ("fingerprint", sa.Text()),
    ("requested_by", types.WideInteger()),
    ("requested_at", types.UtcMoment()),
    ("version", types.WideInteger()),
]
_PERSONAL = ("narration", "payee", "bank", "bank_code", "branch_code", "account_number")
_CHECKS = {
    "parts_add_up": "net_cents = mpesa_cents + handed_cents + deposits_cents + recovered_cents",
    "purpose_is_known": (
        "purpose IN ('loan', 'deposit_refund', 'receipt_refund', 'exit_refund', 'welfare_claim',"
        " 'dividend', 'honorarium', 'office_expense')"
    ),
    "loan_only_for_loans": (
        "(purpose = 'loan' AND loan_id IS NOT NULL AND account_code = '')"
        " OR (purpose <> 'loan' AND loan_id IS NULL AND account_code <> '')"
    ),
    "part_of_parts": "part >= 1 AND part <= parts",
    "one_way": (
        "(way = 'mpesa' AND handed_cents = 0)"
        " OR (way IN ('bank', 'cheque', 'cash') AND mpesa_cents = 0 AND handed_cents > 0"
        " AND charge_cents = 0)"
    ),
    "cash_in_whole_shillings": "way <> 'cash' OR handed_cents % 100 = 0",
    "one_bears_the_charge": (
        "(bearer = 'society' AND recovered_cents = 0)"
        " OR (bearer = 'member' AND recovered_cents = charge_cents)"
    ),
    "rest_has_an_owner": "member_id IS NOT NULL OR deposits_cents = 0",
    "content_form_is_known": "content_form IN (1, 2)",
}
_KEPT_CHECKS = {
    "evidence_is_known": "evidence IN ('none', 'claimed', 'verified')",
    "paid_is_posted": "status <> 'paid' OR entry_number IS NOT NULL",
    "status_is_known": "status IN ('draft', 'approved', 'in_flight', 'paid', 'cancelled')",
    "rest_not_negative": "deposits_cents >= 0",
    "whole_shillings": "mpesa_cents >= 0 AND mpesa_cents % 100 = 0",
}
_NOT_CANCELLED = sa.text("status <> 'cancelled'")
_NOT_RETURNED = sa.text("outcome <> 'returned'")
_IS_CHEQUE = sa.text("way = 'cheque'")
# Rules that books begin with from now on; older books get them with the same first values.
_SETTINGS = {
    "payout.above_limit": "split",
    "payout.receiver_daily_cents": "50000000",
    "payout.tariff": "mpesa_b2c",
    "payout.refund_keeps_collateral": "yes",
}


def upgrade() -> None:
    """Widen the payout; give the other ways their tables and the new rules their first values."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_payout()
    else:
        _widen_payout()
    op.create_index(
        "uq_payout_loan_id_part_live",
        "payout",
        ["loan_id", "part"],
        unique=True,
        sqlite_where=_NOT_CANCELLED,
        postgresql_where=_NOT_CANCELLED,
    )
    _make_bank_files()
    _make_hand_overs()
    _write_settings()


def _rebuild_payout() -> None:
    """SQLite cannot change checks, so the rows step aside while the table is made anew under its own name."""
    op.execute("CREATE TEMP TABLE payout_of_before AS SELECT * FROM payout")
    op.drop_table("payout")
    fixed: list[sa.Column[Any]] = [
        sa.Column(name, kind, nullable=False)
        for name, kind in (
            *_FIXED,
            *((name, kind) for name, kind, _first in _NEW_COLUMNS),
            *((name, sa.Text()) for name in _PERSONAL),
        )
    ]
    checks = [
        sa.CheckConstraint(words, name=op.f(f"ck_payout_{name}"))
        for name, words in (_KEPT_CHECKS | _CHECKS).items()
    ]
    links = [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_payout_{column}_{table}"))
        for column, table in (
            ("loan_id", "loan"),
            ("member_id", "member"),
            ("requested_by", "user_account"),
        )
    ]
    op.create_table(
        "payout",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("member_id", types.WideInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("paid_at", types.UtcMoment(), nullable=True),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        *fixed,
        *checks,
        *links,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_payout_entry_number")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payout_receipt")),
        sqlite_strict=True,
    )
    old = (
        "id, number, purpose, loan_id, member_id, phone, net_cents, mpesa_cents, deposits_cents, charge_cents,"
        " status, evidence, fingerprint, requested_by, requested_at, receipt, paid_at, entry_number, version"
    )
    firsts = [(name, repr(first)) for name, _kind, first in _NEW_COLUMNS]
    firsts += [(name, "''") for name in _PERSONAL]
    names = ", ".join(name for name, _first in firsts)
    values = ", ".join(first for _name, first in firsts)
    op.execute(f"INSERT INTO payout ({old}, {names}) SELECT {old}, {values} FROM payout_of_before")
    op.execute("DROP TABLE payout_of_before")
    op.create_index("ix_payout_status", "payout", ["status"], unique=False)


def _widen_payout() -> None:
    op.drop_index("uq_payout_loan_id_live", "payout")
    op.drop_constraint("ck_payout_parts_add_up", "payout")
    op.alter_column("payout", "member_id", nullable=True)
    kinds = [(name, kind) for name, kind, _first in _NEW_COLUMNS]
    kinds += [(name, sa.Text()) for name in _PERSONAL]
    for name, kind in kinds:
        op.add_column("payout", sa.Column(name, kind, nullable=True))
    # On a server personal columns hold sealed text only, also where there is nothing to say.
    payout = sa.table(
        "payout",
        *(sa.column(name, kind) for name, kind, _first in _NEW_COLUMNS),
        *(sa.column(name, types.PersonalText(f"payout.{name}")) for name in _PERSONAL),
    )
    firsts: dict[str, int | str] = {name: first for name, _kind, first in _NEW_COLUMNS}
    op.get_bind().execute(sa.update(payout).values(firsts | dict.fromkeys(_PERSONAL, "")))
    for name, _kind in kinds:
        op.alter_column("payout", name, nullable=False)
    for name, words in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_payout_{name}"), "payout", words)


def _make_bank_files() -> None:
    op.create_table(
        "bank_file",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.Column("payments", types.WideInteger(), nullable=False),
        sa.Column("total_cents", types.WideInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "payments > 0 AND total_cents > 0", name=op.f("ck_bank_file_pays_something")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_bank_file_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_file_number")),
        sqlite_strict=True,
    )


def _make_hand_overs() -> None:
    checks = {
        "way_is_known": "way IN ('bank', 'cheque', 'cash')",
        "outcome_is_known": "outcome IN ('open', 'paid', 'returned')",
        "bank_has_a_file": "(way = 'bank') = (bank_file_id IS NOT NULL)",
        "somebody_closed_it": "outcome = 'open' OR closed_by IS NOT NULL",
    }
    op.create_table(
        "hand_over",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("number", types.WideInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("bank_file_id", types.WideInteger(), nullable=True),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by", types.WideInteger(), nullable=True),
        sa.Column("closed_at", types.UtcMoment(), nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_hand_over_{name}"))
            for name, words in checks.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_hand_over_{column}_{table}")
            )
            for column, table in (
                ("payout_id", "payout"),
                ("bank_file_id", "bank_file"),
                ("made_by", "user_account"),
                ("closed_by", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("payout_id", "number", name=op.f("uq_hand_over_payout_id_number")),
        sqlite_strict=True,
    )
    for name, column, where in (
        ("uq_hand_over_live", "payout_id", _NOT_RETURNED),
        ("uq_hand_over_cheque", "reference", _IS_CHEQUE),
    ):
        op.create_index(
            name, "hand_over", [column], unique=True, sqlite_where=where, postgresql_where=where
        )


def _write_settings() -> None:
    """Only into books that belong to a society; new ones get all settings when they are set up."""
    bind = op.get_bind()
    if not bind.scalar(sa.text("SELECT count(*) FROM society")):
        return
    setting = sa.table("setting", sa.column("name"), sa.column("effective_on"), sa.column("value"))
    rows = [
        {"name": name, "effective_on": "2000-01-01", "value": value}
        for name, value in _SETTINGS.items()
    ]
    bind.execute(sa.insert(setting), rows)
