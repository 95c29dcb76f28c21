"""What the relays hand over, taken into the books entry by entry."""
