"""Reads of counters: the hall of a point now, the board, and figures of days gone by."""
