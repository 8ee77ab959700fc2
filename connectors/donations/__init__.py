"""Donation files: one module a layout, all of them bytes in, records and set-aside rows out."""
