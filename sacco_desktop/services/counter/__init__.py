"""What comes in for several things at once: receipts, and the check-off lists of employers."""
