"""The page Loan calculator: what a loan would cost, while one types; nothing is stored."""
