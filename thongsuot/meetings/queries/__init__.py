"""Reads: which conferences, who may come, the board of the hub, what a site sees, the report."""
