"""People: removing them, and the keyed hashes that stand for them."""
