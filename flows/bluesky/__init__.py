"""Bluesky to landed: the stream that names the roster, the candidates' own feeds."""
