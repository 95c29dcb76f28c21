"""How the window looks: colours, type, icons, and the one object that applies them."""
