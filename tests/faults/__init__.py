"""Makes the program lose messages, die and meet liars, and looks whether anybody was paid twice. See docs/faults.md."""
