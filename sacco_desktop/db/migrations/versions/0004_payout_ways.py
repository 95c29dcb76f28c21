"""Payouts in parts, for other purposes than loans, and by other ways than M-Pesa."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the payout."""
