"""Pages of citizen reception, by subject."""
