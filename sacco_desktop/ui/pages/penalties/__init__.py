"""The page Penalties & fines: what was charged, what would be, meetings, and the rules."""
