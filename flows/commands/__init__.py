"""The commands: a signature, its help, one call."""
