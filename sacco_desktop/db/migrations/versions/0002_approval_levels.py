"""Roles, deputies, approval levels with quorum, and sittings of the committee."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Under 0001 one yes was enough for everything. An upgrade changes no rule of the house, so books that are in use begin
# with exactly that; people then change the levels in the program.
_DECIDED_BEFORE = (
    ("loan", "committee"),
    ("payout", "committee,treasurer"),
    ("payout_not_paid", "committee,treasurer"),
    ("float_top_up", "committee,treasurer"),
    ("reversal", "committee,treasurer"),
)
_RULES_DECIDED_BY = "chairperson,committee,secretary"
_SINCE_EVER = "2000-01-01"


def upgrade() -> None:
    """Make room for more than one approver."""
    _create_people()
    _create_sittings()
    _create_rules()
    _widen_decisions()
    for kind, roles in _DECIDED_BEFORE:
        _copy_needs(kind, roles)
        _write_levels(kind, roles)
    _write_levels("approval_rules", _RULES_DECIDED_BY)


def _create_people() -> None:
    """Deputies, and which member a person is."""
    op.create_table(
        "deputy",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("for_user_id", types.WideInteger(), nullable=False),
        sa.Column("from_on", types.IsoDate(), nullable=False),
        sa.Column("until_on", types.IsoDate(), nullable=False),
        sa.Column("named_by", types.WideInteger(), nullable=False),
        sa.Column("named_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_by", types.WideInteger(), nullable=True),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_deputy_ends_after_it_begins")),
        sa.CheckConstraint(
            "user_id <> for_user_id AND user_id <> named_by", name=op.f("ck_deputy_not_of_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_deputy_ended_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["for_user_id"], ["user_account.id"], name=op.f("fk_deputy_for_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["user_account.id"], name=op.f("fk_deputy_named_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_deputy_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
        sqlite_strict=True,
    )
    op.create_index("ix_deputy_user_id", "deputy", ["user_id"], unique=False)
    op.create_table(
        "user_member",
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("linked_by", types.WideInteger(), nullable=False),
        sa.Column("linked_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["user_account.id"], name=op.f("fk_user_member_linked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_user_member_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_member_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_member")),
        sa.UniqueConstraint("member_id", name=op.f("uq_user_member_member_id")),
        sqlite_strict=True,
    )


def _create_sittings() -> None:
    """Sittings, who was there and who would not vote."""
    op.create_table(
        "sitting",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("minute_number", sa.Text(), nullable=False),
        sa.Column("held_on", types.IsoDate(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("chair_id", types.WideInteger(), nullable=False),
        sa.Column("opened_by", types.WideInteger(), nullable=False),
        sa.Column("opened_at", types.UtcMoment(), nullable=False),
        sa.Column("closed_by", types.WideInteger(), nullable=True),
        sa.Column("closed_at", types.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["user_account.id"], name=op.f("fk_sitting_chair_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["user_account.id"], name=op.f("fk_sitting_closed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_sitting_opened_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("minute_number", name=op.f("uq_sitting_minute_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "sitting_presence",
        sa.Column("sitting_id", types.WideInteger(), nullable=False),
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_presence_sitting_id_sitting")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sitting_presence_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "user_id", name=op.f("pk_sitting_presence")),
        sqlite_strict=True,
    )
    op.create_table(
        "sitting_abstention",
        sa.Column("sitting_id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("said_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_sitting_abstention_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_abstention_sitting_id_sitting")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_sitting_abstention_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint(
            "sitting_id", "request_id", "user_id", name=op.f("pk_sitting_abstention")
        ),
        sqlite_strict=True,
    )


def _create_rules() -> None:
    """Levels and limits, what a request needs, and notes on requests."""
    op.create_table(
        "approval_levels",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("bands", sa.Text(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.Column("written_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_approval_levels_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_levels")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_approval_levels_kind", "approval_levels", ["kind", "effective_on"], unique=False
    )
    op.create_table(
        "approval_need",
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("step", types.WideInteger(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("quorum", types.WideInteger(), nullable=False),
        sa.Column("ceiling_cents", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "quorum >= 1 AND step >= 1", name=op.f("ck_approval_need_somebody_is_needed")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_approval_need_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "step", name=op.f("pk_approval_need")),
        sqlite_strict=True,
    )
    op.create_table(
        "approval_note",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("written_by", types.WideInteger(), nullable=False),
        sa.Column("written_at", types.UtcMoment(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_approval_note_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_approval_note_written_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_note")),
        sqlite_strict=True,
    )
    op.create_index("ix_approval_note_request_id", "approval_note", ["request_id"], unique=False)
    op.create_table(
        "amount_limit",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("single_cents", types.WideInteger(), nullable=True),
        sa.Column("day_cents", types.WideInteger(), nullable=True),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.Column("written_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "single_cents >= 0 AND day_cents >= 0", name=op.f("ck_amount_limit_not_below_zero")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_amount_limit_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amount_limit")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_amount_limit_act", "amount_limit", ["act", "role", "effective_on"], unique=False
    )
    op.create_table(
        "limit_use",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("user_id", types.WideInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("used_on", types.IsoDate(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("used_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_limit_use_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_use")),
        sa.UniqueConstraint(
            "user_id",
            "act",
            "used_on",
            "subject",
            name=op.f("uq_limit_use_user_id_act_used_on_subject"),
        ),
        sqlite_strict=True,
    )


def _widen_decisions() -> None:
    """Each decision says for which step, in which role, for whom and within which limit it was taken."""
    with op.batch_alter_table("approval_decision") as batch:
        batch.add_column(sa.Column("step", types.WideInteger(), nullable=True))
        batch.add_column(sa.Column("role", sa.Text(), nullable=True))
        batch.add_column(sa.Column("deputy_of", types.WideInteger(), nullable=True))
        batch.add_column(sa.Column("limit_cents", types.WideInteger(), nullable=True))
        batch.add_column(sa.Column("sitting_id", types.WideInteger(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_approval_decision_deputy_of_user_account"),
            "user_account",
            ["deputy_of"],
            ["id"],
        )
        batch.create_foreign_key(
            op.f("fk_approval_decision_sitting_id_sitting"), "sitting", ["sitting_id"], ["id"]
        )
    # `roles` names all that the person held; only these two could decide, and a treasurer never on a loan.
    op.execute(
        "UPDATE approval_decision SET step = 1, role = CASE WHEN replace(roles, 'committee', '')"
        " <> roles THEN 'committee' ELSE 'treasurer' END"
    )
    with op.batch_alter_table("approval_decision") as batch:
        batch.alter_column("step", existing_type=types.WideInteger(), nullable=False)
        batch.alter_column("role", existing_type=sa.Text(), nullable=False)


def _copy_needs(kind: str, roles: str) -> None:
    op.execute(
        "INSERT INTO approval_need (request_id, step, roles, quorum)"
        f" SELECT id, 1, '{roles}', 1 FROM approval_request WHERE kind = '{kind}'"
    )


def _write_levels(kind: str, roles: str) -> None:
    """Only for books that belong to a society: new ones get theirs when it is set up."""
    names = ",".join(f'"{role}"' for role in roles.split(","))
    bands = f'[{{"steps":[{{"quorum":1,"roles":[{names}]}}],"up_to_cents":null}}]'
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
            " SELECT :kind, :since, :bands, created_at FROM society"
        ),
        {"kind": kind, "since": _SINCE_EVER, "bands": bands},
    )
