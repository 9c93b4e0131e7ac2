"""Reads of the civil status registers, one file per subject."""
