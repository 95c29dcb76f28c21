"""Messages to members: the outbox, what of it may leave, what became of it, and what members want."""
