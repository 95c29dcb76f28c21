"""Roles, deputies, approval levels with quorum, and sittings of the committee."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for more than one approver."""
