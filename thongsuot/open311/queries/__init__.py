"""Reads, by subject: services, tickets as everybody may see them, updates, keys and terms."""
