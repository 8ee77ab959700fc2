"""Donation files, one module a layout."""
