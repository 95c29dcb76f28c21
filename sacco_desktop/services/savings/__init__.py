"""Deposits, savings, funds and shares: products, what is paid in, what is expected, and the terms for paying out."""
