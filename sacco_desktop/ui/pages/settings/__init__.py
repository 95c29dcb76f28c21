"""The page Settings: people, M-Pesa, relays and the society's rules."""
