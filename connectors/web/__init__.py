"""Polite, conditional GET."""
