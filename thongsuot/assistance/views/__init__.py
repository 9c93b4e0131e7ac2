"""Pages of helping, one file per who comes: citizens, helpers, anybody, who arranges."""
