"""Pages about answers."""
