"""The page Today: what waits, where the money is, what happened."""
