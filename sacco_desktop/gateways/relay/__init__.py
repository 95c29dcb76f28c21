"""The desktop's side of the callback relay: pairing, reading the feed, notes and callback
addresses. Qt-free."""
