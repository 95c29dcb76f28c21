"""Decisions on requests of every kind, sittings of the committee, and their minutes."""
