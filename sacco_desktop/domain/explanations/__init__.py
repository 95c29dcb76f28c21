"""What stands behind each figure that people ask about, as data from which it can be reckoned again."""
