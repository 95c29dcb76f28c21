"""What a loan costs and owes: terms, offers, versions of its schedule, its position, and the rows of what was paid."""
