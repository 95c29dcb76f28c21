"""Messages to members: which there are, what they say in which language, how long they are and when they may leave."""
