"""Everything before the window: what opens the books, the set-up of empty ones, and what keeps them shut."""
