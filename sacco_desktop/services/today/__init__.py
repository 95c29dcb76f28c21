"""What the first page of the day shows: one file a card, each read on its own and never by adding up history."""
