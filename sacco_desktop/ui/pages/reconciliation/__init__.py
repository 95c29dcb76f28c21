"""The page Reconciliation: the statement of M-Pesa or the bank against the books, to zero, signed."""
