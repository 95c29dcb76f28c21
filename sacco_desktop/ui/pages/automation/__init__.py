"""What the program does by itself: its jobs, when each ran, and how it went."""
