"""Reads of allowances."""
