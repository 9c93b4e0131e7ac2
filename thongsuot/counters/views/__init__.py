"""Pages of counters."""
