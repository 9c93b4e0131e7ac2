"""Reads of citizen reception, by subject."""
