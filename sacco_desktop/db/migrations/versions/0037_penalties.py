"""Penalties and fines: rules with dated terms, what was charged, paid and waived; all rules begin switched off."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_COMMITTEE = (
    '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary"]}],"up_to_cents":null}]'
)
_KINDS = ("penalty_terms", "penalty_waiver")
_GROWS = '[[30, 2000, "original"], [365, 5000, "unpaid"]]'
_RULES = (
    ("late_instalment", "loan", "Late instalment", "percent_once", 0, 500, 5, "[]"),
    ("late_interest", "loan", "Interest on arrears", "percent_by_days", 0, 1200, 5, "[]"),
    (
        "missed_contribution",
        "contribution",
        "Missed contribution",
        "fixed_once",
        5000,
        0,
        0,
        _GROWS,
    ),
    ("late_1h", "meeting", "Late up to 1 hour", "fixed_once", 5000, 0, 0, _GROWS),
    ("late_2h", "meeting", "Late up to 2 hours", "fixed_once", 10000, 0, 0, _GROWS),
    ("late_3h", "meeting", "Late up to 3 hours", "fixed_once", 20000, 0, 0, _GROWS),
    ("absent", "meeting", "Absent", "fixed_once", 20000, 0, 0, _GROWS),
    ("no_uniform", "meeting", "No uniform", "fixed_once", 5000, 0, 0, _GROWS),
    ("misconduct", "meeting", "Misconduct", "fixed_once", 50000, 0, 0, _GROWS),
)
_WRITTEN_OFF = "interest_cents >= 0 AND fee_cents >= 0 AND penalty_cents >= 0"


def upgrade() -> None:
    """Make room for them; books that belong to a society get the rules that new ones begin with, all switched off."""
    _make_penalty_rule()
    _make_meeting()
    _make_penalty_run()
    _make_penalty_terms()
    _make_meeting_mark()
    _make_penalty_exemption()
    _make_penalty_charge()
    _make_penalty_payment()
    _make_penalty_waiver()
    with op.batch_alter_table("loan_write_off") as batch:
        batch.add_column(
            sa.Column("penalty_cents", types.WideInteger(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("loan_write_off") as batch:
        batch.alter_column("penalty_cents", server_default=None)
        batch.drop_constraint(op.f("ck_loan_write_off_rest_not_negative"), type_="check")
        batch.create_check_constraint(op.f("ck_loan_write_off_rest_not_negative"), _WRITTEN_OFF)
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM society")):
        _write_rules()
        _write_levels()


def _write_rules() -> None:
    add = sa.text("INSERT INTO penalty_rule (code, about) VALUES (:code, :about)")
    terms = sa.text(
        "INSERT INTO penalty_terms (rule_id, effective_on, name, is_on, basis, cents, percent, base,"
        " least_cents, most_cents, round_up_to, grace_days, compound, year_days, product, growth)"
        " SELECT id, :since, :name, :off, :basis, :cents, :percent, 'instalment', 0, 0, 0, :grace,"
        " :off, 360, '', :growth FROM penalty_rule WHERE code = :code"
    ).bindparams(sa.bindparam("off", False, types.Flag()))
    names = ("code", "about", "name", "basis", "cents", "percent", "grace", "growth")
    for one in _RULES:
        row = dict(zip(names, one, strict=True))
        about = row.pop("about")
        op.get_bind().execute(add, {"code": row["code"], "about": about})
        op.get_bind().execute(terms, {**row, "since": _SINCE_EVER})


def _write_levels() -> None:
    for kind in _KINDS:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
                " SELECT :kind, :since, :bands, created_at FROM society"
            ),
            {"kind": kind, "since": _SINCE_EVER, "bands": _COMMITTEE},
        )


def _make_penalty_rule() -> None:
    op.create_table(
        "penalty_rule",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "about IN ('loan', 'contribution', 'meeting')",
            name=op.f("ck_penalty_rule_about_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_penalty_rule_code")),
        sqlite_strict=True,
    )


def _make_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("held_on", types.IsoDate(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_meeting_title_is_there")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_meeting_recorded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("held_on", "title", name=op.f("uq_meeting_held_on_title")),
        sqlite_strict=True,
    )


def _make_penalty_run() -> None:
    op.create_table(
        "penalty_run",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("through", types.IsoDate(), nullable=False),
        sa.Column("charges", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "charges >= 0 AND cents >= 0", name=op.f("ck_penalty_run_nothing_negative")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_penalty_run_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_run")),
        sqlite_strict=True,
    )
    op.create_index("ix_penalty_run_through", "penalty_run", ["through"], unique=False)


def _make_penalty_terms() -> None:
    op.create_table(
        "penalty_terms",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("rule_id", types.WideInteger(), nullable=False),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_on", types.Flag(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("percent", types.WideInteger(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("least_cents", types.WideInteger(), nullable=False),
        sa.Column("most_cents", types.WideInteger(), nullable=False),
        sa.Column("round_up_to", types.WideInteger(), nullable=False),
        sa.Column("grace_days", types.WideInteger(), nullable=False),
        sa.Column("compound", types.Flag(), nullable=False),
        sa.Column("year_days", types.WideInteger(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("growth", sa.Text(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "base IN ('instalment', 'principal')", name=op.f("ck_penalty_terms_base_is_known")
        ),
        sa.CheckConstraint(
            "basis IN ('fixed_once', 'fixed_per_day', 'percent_once', 'percent_per_month',"
            " 'percent_by_days', 'percent_of_outstanding')",
            name=op.f("ck_penalty_terms_basis_is_known"),
        ),
        sa.CheckConstraint(
            "(cents > 0) = (percent = 0)", name=op.f("ck_penalty_terms_a_sum_or_a_part")
        ),
        sa.CheckConstraint(
            "cents >= 0 AND percent >= 0 AND least_cents >= 0 AND most_cents >= 0"
            " AND round_up_to >= 0 AND grace_days >= 0",
            name=op.f("ck_penalty_terms_nothing_negative"),
        ),
        sa.CheckConstraint("year_days IN (360, 365)", name=op.f("ck_penalty_terms_year_is_known")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_penalty_terms_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["penalty_rule.id"], name=op.f("fk_penalty_terms_rule_id_penalty_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_terms")),
        sa.UniqueConstraint("request_id", name=op.f("uq_penalty_terms_request_id")),
        sa.UniqueConstraint(
            "rule_id", "effective_on", name=op.f("uq_penalty_terms_rule_id_effective_on")
        ),
        sqlite_strict=True,
    )


def _make_meeting_mark() -> None:
    op.create_table(
        "meeting_mark",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("meeting_id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("rule_id", types.WideInteger(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_mark_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_meeting_mark_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_meeting_mark_recorded_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["penalty_rule.id"], name=op.f("fk_meeting_mark_rule_id_penalty_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_mark")),
        sa.UniqueConstraint(
            "meeting_id",
            "member_id",
            "rule_id",
            name=op.f("uq_meeting_mark_meeting_id_member_id_rule_id"),
        ),
        sqlite_strict=True,
    )


def _make_penalty_exemption() -> None:
    op.create_table(
        "penalty_exemption",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("rule_id", types.WideInteger(), nullable=True),
        sa.Column("from_on", types.IsoDate(), nullable=False),
        sa.Column("until_on", types.IsoDate(), nullable=True),
        sa.Column("reason", types.PersonalText("penalty_exemption.reason"), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on",
            name=op.f("ck_penalty_exemption_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_penalty_exemption_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_penalty_exemption_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_penalty_exemption_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["penalty_rule.id"], name=op.f("fk_penalty_exemption_rule_id_penalty_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_exemption")),
        sa.UniqueConstraint("request_id", name=op.f("uq_penalty_exemption_request_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_penalty_exemption_member_id", "penalty_exemption", ["member_id"], unique=False
    )


def _make_penalty_charge() -> None:
    op.create_table(
        "penalty_charge",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("rule_id", types.WideInteger(), nullable=False),
        sa.Column("terms_id", types.WideInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("period", types.IsoDate(), nullable=False),
        sa.Column("stage", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("instalment", types.WideInteger(), nullable=False),
        sa.Column("charged_on", types.IsoDate(), nullable=False),
        sa.Column("counted_until", types.IsoDate(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("uncapped_cents", types.WideInteger(), nullable=False),
        sa.Column("penalties_cents", types.WideInteger(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("charged_by", types.WideInteger(), nullable=False),
        sa.Column("charged_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "cents > 0 AND cents <= uncapped_cents", name=op.f("ck_penalty_charge_cents_above_zero")
        ),
        sa.CheckConstraint(
            "loan_id IS NOT NULL OR instalment = 0",
            name=op.f("ck_penalty_charge_instalment_of_a_loan"),
        ),
        sa.CheckConstraint(
            "stage >= 0 AND penalties_cents >= 0", name=op.f("ck_penalty_charge_nothing_negative")
        ),
        sa.ForeignKeyConstraint(
            ["charged_by"],
            ["user_account.id"],
            name=op.f("fk_penalty_charge_charged_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_penalty_charge_loan_id_loan")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_penalty_charge_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["penalty_rule.id"], name=op.f("fk_penalty_charge_rule_id_penalty_rule")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"],
            ["penalty_terms.id"],
            name=op.f("fk_penalty_charge_terms_id_penalty_terms"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_charge")),
        sa.UniqueConstraint(
            "rule_id",
            "subject",
            "period",
            "stage",
            name=op.f("uq_penalty_charge_rule_id_subject_period_stage"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_penalty_charge_charged_on", "penalty_charge", ["charged_on"], unique=False)
    op.create_index(
        "ix_penalty_charge_entry_number", "penalty_charge", ["entry_number"], unique=False
    )
    op.create_index("ix_penalty_charge_loan_id", "penalty_charge", ["loan_id"], unique=False)
    op.create_index("ix_penalty_charge_member_id", "penalty_charge", ["member_id"], unique=False)


def _make_penalty_payment() -> None:
    op.create_table(
        "penalty_payment",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("charge_id", types.WideInteger(), nullable=False),
        sa.Column("paid_on", types.IsoDate(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_penalty_payment_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["charge_id"],
            ["penalty_charge.id"],
            name=op.f("fk_penalty_payment_charge_id_penalty_charge"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_payment")),
        sa.UniqueConstraint(
            "charge_id", "entry_number", name=op.f("uq_penalty_payment_charge_id_entry_number")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_penalty_payment_entry_number", "penalty_payment", ["entry_number"], unique=False
    )


def _make_penalty_waiver() -> None:
    op.create_table(
        "penalty_waiver",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("charge_id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("waived_on", types.IsoDate(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("reason", types.PersonalText("penalty_waiver.reason"), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_penalty_waiver_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["charge_id"],
            ["penalty_charge.id"],
            name=op.f("fk_penalty_waiver_charge_id_penalty_charge"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_penalty_waiver_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_penalty_waiver_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_waiver")),
        sa.UniqueConstraint(
            "charge_id", "request_id", name=op.f("uq_penalty_waiver_charge_id_request_id")
        ),
        sqlite_strict=True,
    )
