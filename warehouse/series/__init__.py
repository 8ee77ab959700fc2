"""Counts and gifts as panels of time."""
