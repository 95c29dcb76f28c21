"""What a loan copies of its product: rounding, day count, grace, due dates."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each loan the rest of its terms."""
