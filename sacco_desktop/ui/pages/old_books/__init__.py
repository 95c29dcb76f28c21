"""The page of imports: old books come in by five steps."""
