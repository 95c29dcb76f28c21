"""The page Savings & shares: what members pay in, what was expected of them, cheques, products and share capital."""
