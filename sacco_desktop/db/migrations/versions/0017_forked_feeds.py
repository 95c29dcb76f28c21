"""Two entries of a feed may have one number: a relay that was put back unnoticed has given it out again."""

from typing import Literal

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OLD = "uq_relay_entry_relay_id_epoch_sequence"
_NEW = "uq_relay_entry_relay_id_epoch_sequence_hash"


def upgrade() -> None:
    """Let the hash tell such entries apart; those that are there stay as they are."""
    with op.batch_alter_table("relay_entry", recreate=_rebuilt()) as batch:
        batch.drop_constraint(op.f(_OLD), type_="unique")
        batch.create_unique_constraint(op.f(_NEW), ["relay_id", "epoch", "sequence", "hash"])


def _rebuilt() -> Literal["always", "never"]:
    """SQLite keeps the text of a table, which stays that of the models only when the table is made anew."""
    return "always" if op.get_context().dialect.name == "sqlite" else "never"
