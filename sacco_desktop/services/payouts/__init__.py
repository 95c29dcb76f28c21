"""Money out as the office decides on it: requests, contents, approvals, payments by hand, settling, evidence."""
