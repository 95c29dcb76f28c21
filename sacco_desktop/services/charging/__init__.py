"""Penalties charged by the rules: the run over everybody, what it would charge, and the lists of what was charged."""
