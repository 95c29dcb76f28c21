"""Accounting to look at: one file a report. A report only reads posted entries, and proves its own totals."""
