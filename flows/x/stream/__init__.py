"""The filtered stream of X: what arrives is on disk within seconds."""
