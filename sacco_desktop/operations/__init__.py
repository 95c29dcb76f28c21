"""Qt-free actions of several steps: a transaction, a call to the outside, a transaction."""
