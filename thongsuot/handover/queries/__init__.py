"""Reads about the changeover, by what is asked."""
