"""Statements of M-Pesa and of the bank: taken in, matched with the books, settled to zero, and signed by two people."""
