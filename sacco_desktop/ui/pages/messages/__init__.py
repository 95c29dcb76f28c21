"""The page Messages: what members were told, and what becomes of it."""
