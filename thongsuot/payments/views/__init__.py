"""Pages of payments: the payer's, the bank's notices, the desk's, and those of who keeps the fees."""
