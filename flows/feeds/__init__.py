"""A feed that is due, until it has landed."""
