"""Sacco Desktop: the office program of a savings and credit co-operative."""
