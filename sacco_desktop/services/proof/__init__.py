"""Proves the books: adds them up again beside the running figures and walks both chains."""
