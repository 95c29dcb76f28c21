"""Seals more columns in which a phone number can stand, and lets a payout be found by the phone it goes to."""

from alembic import op

from sacco_desktop.db.personal import cipher_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("approval_request", "about"),
    ("audit_row", "detail"),
    ("audit_row", "subject"),
    ("payout_attempt", "claim_words"),
    ("payout_attempt", "reason"),
    ("payout_move", "why"),
    ("queue_stop", "reason"),
    ("relay_entry", "outcome"),
    ("status_question", "words"),
)


def upgrade() -> None:
    """Seal what stands there in clear. The hash of an audit row is over what it says, so the chain stays as it is."""
    op.create_index("ix_payout_status_evidence", "payout", ["status", "evidence"], unique=False)
    op.create_index("ix_payout_phone", "payout", ["phone"], unique=False)
    op.create_index("ix_payout_loan_id", "payout", ["loan_id"], unique=False)
    op.create_index("ix_payout_member_id", "payout", ["member_id"], unique=False)
    op.create_index(
        "ix_payout_attempt_payout_id_status",
        "payout_attempt",
        ["payout_id", "status"],
        unique=False,
    )
    op.create_index("ix_relay_entry_kind", "relay_entry", ["kind", "state"], unique=False)
    connection = op.get_bind()
    cipher = cipher_of(connection.dialect)
    if cipher is None:
        return
    for table, column in _COLUMNS:
        for row_id, text in connection.exec_driver_sql(f"SELECT id, {column} FROM {table}").all():
            connection.exec_driver_sql(
                f"UPDATE {table} SET {column} = %s WHERE id = %s",
                (cipher.seal_text(f"{table}.{column}", text), row_id),
            )
