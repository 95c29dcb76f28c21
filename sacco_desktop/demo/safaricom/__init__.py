"""A simulated Safaricom with its own accounts, over real HTTP, able to misbehave as the real."""
