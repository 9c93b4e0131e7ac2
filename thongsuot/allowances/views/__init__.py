"""Pages of allowances."""
