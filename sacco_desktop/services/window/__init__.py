"""What the window shows across subjects: search, the front desk, and the sheet of one member."""
