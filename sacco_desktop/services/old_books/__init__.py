"""Moving in: drafts of old books, their dry run, the request to another person, the taking in, and undoing it."""
