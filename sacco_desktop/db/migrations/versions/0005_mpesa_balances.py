"""Questions about M-Pesa accounts, and batches of payouts."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for balances and batches."""
