"""Mastodon to landed: the roster's hashtags on named servers, the candidates' own accounts."""
