"""Changes of who works in the office, deputies, and which officer is which member."""
