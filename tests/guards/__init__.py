"""Guards that watch every test from outside. One file is one thing that must never happen."""
