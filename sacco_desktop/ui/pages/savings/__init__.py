"""The Savings page: what members pay in, what was expected of them, and the products."""
