"""Reads of the figures: sums over a scope and a period, and everything that is made of them."""
