"""Closing a day and opening it again, by two people."""
