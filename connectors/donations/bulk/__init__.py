"""Donation files too large to be read row by row."""
