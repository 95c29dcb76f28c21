"""Reminders that no act of the office brings about: what is due soon, due today or late."""
