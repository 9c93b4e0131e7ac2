"""Reads about certificates, signatures and proofs, by what is asked."""
