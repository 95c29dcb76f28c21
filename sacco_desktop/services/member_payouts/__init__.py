"""What a member takes out: withdrawals, claims of funds, leaving, and what a dead member's nominees get."""
