"""The life of a member: applications, personal files, nominees, documents, changes of status, leaving."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_BANDS = (
    '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary"]}],"up_to_cents":null}]'
)
_KINDS = ("membership", "member_status", "member_exit", "share_transfer")
_STATUSES = (
    "status IN ('active', 'dormant', 'suspended', 'notice_given', 'exited', 'expelled', 'deceased')"
)


def upgrade() -> None:
    """Make room for the life of a member; what is owed to those who left is kept by member."""
    _make_member_file()
    _make_membership_application()
    _widen_member()
    _make_related_person()
    _make_nominee_list()
    _make_nominee()
    _make_member_document()
    _make_member_move()
    _make_exit_notice()
    _make_exit_settlement()
    _make_nominee_claim()
    _make_share_transfer()
    # Nothing was ever paid into this account but by a script; where something was, it stays what it is.
    op.execute(
        "UPDATE account SET is_control = (1 = 1) WHERE code = '2180'"
        " AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.account_id = account.id)"
    )


def _widen_member() -> None:
    op.add_column("member", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("member", sa.Column("left_on", types.IsoDate(), nullable=True))
    op.execute("UPDATE member SET kind = 'person'")
    with op.batch_alter_table("member") as batch:
        batch.alter_column("kind", nullable=False)
        batch.add_column(sa.Column("file_id", types.WideInteger(), nullable=True))
        batch.add_column(sa.Column("application_id", types.WideInteger(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_member_file_id_member_file"), "member_file", ["file_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_member_application_id_membership_application"),
            "membership_application",
            ["application_id"],
            ["id"],
        )
        batch.create_unique_constraint(op.f("uq_member_file_id"), ["file_id"])
        batch.create_unique_constraint(op.f("uq_member_application_id"), ["application_id"])
        batch.drop_constraint(op.f("ck_member_status_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_member_status_is_known"), _STATUSES)
        batch.create_check_constraint(
            op.f("ck_member_kind_is_known"), "kind IN ('person', 'group', 'organisation')"
        )


def _make_member_file() -> None:
    op.create_table(
        "member_file",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("born_on", types.PersonalText("member_file.born_on"), nullable=False),
        sa.Column("gender", types.PersonalText("member_file.gender"), nullable=False),
        sa.Column(
            "marital_status", types.PersonalText("member_file.marital_status"), nullable=False
        ),
        sa.Column("kra_pin", types.PersonalText("member_file.kra_pin"), nullable=False),
        sa.Column("email", types.PersonalText("member_file.email"), nullable=False),
        sa.Column("other_phone", types.PersonalText("member_file.other_phone"), nullable=False),
        sa.Column(
            "postal_address", types.PersonalText("member_file.postal_address"), nullable=False
        ),
        sa.Column("postal_code", types.PersonalText("member_file.postal_code"), nullable=False),
        sa.Column("town", types.PersonalText("member_file.town"), nullable=False),
        sa.Column("village", types.PersonalText("member_file.village"), nullable=False),
        sa.Column("location", types.PersonalText("member_file.location"), nullable=False),
        sa.Column("sub_county", types.PersonalText("member_file.sub_county"), nullable=False),
        sa.Column("county", types.PersonalText("member_file.county"), nullable=False),
        sa.Column("occupation", types.PersonalText("member_file.occupation"), nullable=False),
        sa.Column("employer", types.PersonalText("member_file.employer"), nullable=False),
        sa.Column(
            "payroll_number", types.PersonalText("member_file.payroll_number"), nullable=False
        ),
        sa.Column(
            "employment_terms", types.PersonalText("member_file.employment_terms"), nullable=False
        ),
        sa.Column("bank", types.PersonalText("member_file.bank"), nullable=False),
        sa.Column("bank_branch", types.PersonalText("member_file.bank_branch"), nullable=False),
        sa.Column("bank_account", types.PersonalText("member_file.bank_account"), nullable=False),
        sa.Column("introduced_by", types.PersonalText("member_file.introduced_by"), nullable=False),
        sa.Column("monthly_cents", types.WideInteger(), nullable=False),
        sa.Column("changed_by", types.WideInteger(), nullable=False),
        sa.Column("changed_at", types.UtcMoment(), nullable=False),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "monthly_cents >= 0", name=op.f("ck_member_file_monthly_not_below_zero")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_member_file_changed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_file")),
        sqlite_strict=True,
    )
    op.create_index("ix_member_file_employer", "member_file", ["employer"], unique=False)
    op.create_index(
        "ix_member_file_payroll_number", "member_file", ["payroll_number"], unique=False
    )


def _make_membership_application() -> None:
    op.create_table(
        "membership_application",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("file_id", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("other_names", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column(
            "national_id", types.PersonalText("membership_application.national_id"), nullable=False
        ),
        sa.Column("phone", types.PersonalText("membership_application.phone"), nullable=False),
        sa.Column("applied_on", types.IsoDate(), nullable=False),
        sa.Column("fee_cents", types.WideInteger(), nullable=False),
        sa.Column("fee_entry", types.WideInteger(), nullable=True),
        sa.Column("fee_receipt", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.Column("closed_at", types.UtcMoment(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'group', 'organisation')",
            name=op.f("ck_membership_application_kind_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_membership_application_status_is_known"),
        ),
        sa.CheckConstraint(
            "(fee_entry IS NULL) = (fee_receipt IS NULL)",
            name=op.f("ck_membership_application_fee_has_receipt"),
        ),
        sa.CheckConstraint(
            "fee_cents >= 0", name=op.f("ck_membership_application_fee_not_below_zero")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["member_file.id"],
            name=op.f("fk_membership_application_file_id_member_file"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_membership_application_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_application")),
        sa.UniqueConstraint("file_id", name=op.f("uq_membership_application_file_id")),
        sa.UniqueConstraint("number", name=op.f("uq_membership_application_number")),
        sa.UniqueConstraint("fee_entry", name=op.f("uq_membership_application_fee_entry")),
        sqlite_strict=True,
    )


def _make_related_person() -> None:
    op.create_table(
        "related_person",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("file_id", types.WideInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("full_name", types.PersonalText("related_person.full_name"), nullable=False),
        sa.Column(
            "relationship", types.PersonalText("related_person.relationship"), nullable=False
        ),
        sa.Column("national_id", types.PersonalText("related_person.national_id"), nullable=False),
        sa.Column("phone", types.PersonalText("related_person.phone"), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "role IN ('next_of_kin', 'representative')",
            name=op.f("ck_related_person_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["member_file.id"], name=op.f("fk_related_person_file_id_member_file")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_related_person_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_person")),
        sqlite_strict=True,
    )
    op.create_index("ix_related_person_file_id", "related_person", ["file_id"], unique=False)


def _make_nominee_list() -> None:
    op.create_table(
        "nominee_list",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("file_id", types.WideInteger(), nullable=False),
        sa.Column("signed_on", types.IsoDate(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.Column("in_force_at", types.UtcMoment(), nullable=True),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_nominee_list_recorded_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["member_file.id"], name=op.f("fk_nominee_list_file_id_member_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee_list")),
        sqlite_strict=True,
    )
    op.create_index("ix_nominee_list_file_id", "nominee_list", ["file_id"], unique=False)
    op.create_index(
        "uq_nominee_list_in_force",
        "nominee_list",
        ["file_id"],
        unique=True,
        sqlite_where=sa.text("in_force_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("in_force_at IS NOT NULL AND ended_at IS NULL"),
    )


def _make_nominee() -> None:
    op.create_table(
        "nominee",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("list_id", types.WideInteger(), nullable=False),
        sa.Column("full_name", types.PersonalText("nominee.full_name"), nullable=False),
        sa.Column("relationship", types.PersonalText("nominee.relationship"), nullable=False),
        sa.Column("national_id", types.PersonalText("nominee.national_id"), nullable=False),
        sa.Column("phone", types.PersonalText("nominee.phone"), nullable=False),
        sa.Column("born_on", types.PersonalText("nominee.born_on"), nullable=False),
        sa.Column("guardian", types.PersonalText("nominee.guardian"), nullable=False),
        sa.Column("share", types.WideInteger(), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 10000", name=op.f("ck_nominee_share_is_part")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["nominee_list.id"], name=op.f("fk_nominee_list_id_nominee_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee")),
        sqlite_strict=True,
    )
    op.create_index("ix_nominee_list_id", "nominee", ["list_id"], unique=False)


def _make_member_document() -> None:
    op.create_table(
        "member_document",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("file_id", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", types.PersonalText("member_document.name"), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", types.WideInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", types.PersonalBytes("member_document.content"), nullable=True),
        sa.Column("added_by", types.WideInteger(), nullable=False),
        sa.Column("added_at", types.UtcMoment(), nullable=False),
        sa.Column("removed_by", types.WideInteger(), nullable=True),
        sa.Column("removed_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_member_document_removed_by_somebody"),
        ),
        sa.CheckConstraint(
            "media IN ('image/jpeg', 'image/png', 'application/pdf')",
            name=op.f("ck_member_document_media_is_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_member_document_size_above_zero")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["user_account.id"], name=op.f("fk_member_document_added_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["member_file.id"], name=op.f("fk_member_document_file_id_member_file")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"],
            ["user_account.id"],
            name=op.f("fk_member_document_removed_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_document")),
        sqlite_strict=True,
    )
    op.create_index("ix_member_document_file_id", "member_document", ["file_id"], unique=False)


def _make_member_move() -> None:
    op.create_table(
        "member_move",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", types.PersonalText("member_move.reason"), nullable=False),
        sa.Column("last_entry_on", types.IsoDate(), nullable=True),
        sa.Column("moved_by", types.WideInteger(), nullable=False),
        sa.Column("moved_at", types.UtcMoment(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_member_move_reason_is_there")),
        sa.ForeignKeyConstraint(
            ["moved_by"], ["user_account.id"], name=op.f("fk_member_move_moved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_member_move_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_move_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_move")),
        sa.UniqueConstraint("request_id", name=op.f("uq_member_move_request_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_member_move_member_id", "member_move", ["member_id"], unique=False)


def _make_exit_notice() -> None:
    op.create_table(
        "exit_notice",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("given_on", types.IsoDate(), nullable=False),
        sa.Column("days", types.WideInteger(), nullable=False),
        sa.Column("due_on", types.IsoDate(), nullable=False),
        sa.Column("reason", types.PersonalText("exit_notice.reason"), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "days >= 0 AND due_on >= given_on", name=op.f("ck_exit_notice_due_after_given")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_exit_notice_recorded_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_exit_notice_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_notice")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_exit_notice_open",
        "exit_notice",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _make_exit_settlement() -> None:
    op.create_table(
        "exit_settlement",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("deposits_cents", types.WideInteger(), nullable=False),
        sa.Column("shares_cents", types.WideInteger(), nullable=False),
        sa.Column("fee_cents", types.WideInteger(), nullable=False),
        sa.Column("refund_cents", types.WideInteger(), nullable=False),
        sa.Column("snapshot", types.PersonalText("exit_settlement.snapshot"), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("settled_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "deposits_cents >= 0 AND shares_cents >= 0 AND fee_cents >= 0 AND refund_cents >= 0"
            " AND deposits_cents + shares_cents = fee_cents + refund_cents",
            name=op.f("ck_exit_settlement_parts_make_the_whole"),
        ),
        sa.CheckConstraint(
            "cause IN ('left', 'died', 'expelled')", name=op.f("ck_exit_settlement_cause_is_known")
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'settled', 'void')",
            name=op.f("ck_exit_settlement_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_exit_settlement_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_exit_settlement_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_settlement")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_exit_settlement_entry_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_exit_settlement_member_id",
        "exit_settlement",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'void'"),
        postgresql_where=sa.text("status <> 'void'"),
    )


def _make_nominee_claim() -> None:
    op.create_table(
        "nominee_claim",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("settlement_id", types.WideInteger(), nullable=False),
        sa.Column("nominee_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_nominee_claim_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["nominee_id"], ["nominee.id"], name=op.f("fk_nominee_claim_nominee_id_nominee")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["exit_settlement.id"],
            name=op.f("fk_nominee_claim_settlement_id_exit_settlement"),
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_nominee_claim_payout_id_payout")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee_claim")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_nominee_claim_payout_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_nominee_claim_nominee", "nominee_claim", ["settlement_id", "nominee_id"], unique=True
    )


def _make_share_transfer() -> None:
    op.create_table(
        "share_transfer",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("from_member_id", types.WideInteger(), nullable=False),
        sa.Column("to_member_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("fee_cents", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "cents > 0 AND fee_cents >= 0", name=op.f("ck_share_transfer_cents_above_zero")
        ),
        sa.CheckConstraint(
            "from_member_id <> to_member_id", name=op.f("ck_share_transfer_between_two")
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'done', 'void')", name=op.f("ck_share_transfer_status_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_share_transfer_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["to_member_id"], ["member.id"], name=op.f("fk_share_transfer_to_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["from_member_id"], ["member.id"], name=op.f("fk_share_transfer_from_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_transfer")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_share_transfer_entry_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_share_transfer_from_member_id", "share_transfer", ["from_member_id"], unique=False
    )
    op.create_index(
        "ix_share_transfer_to_member_id", "share_transfer", ["to_member_id"], unique=False
    )
