"""The rules of money: plain Python, no database, no network, no window."""
