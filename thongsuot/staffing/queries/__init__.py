"""Reads of staffing, by subject."""
