"""How a home is doing: what was read of it, and whether that is well."""
