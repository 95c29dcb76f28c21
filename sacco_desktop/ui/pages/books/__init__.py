"""The page Books: the ledger to look at, from a figure down to the paper behind it."""
