"""The relays of this office, and letting one rest that cannot be reached."""
