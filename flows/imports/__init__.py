"""A file that dropped, until it has landed."""
