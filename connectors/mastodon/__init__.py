"""Mastodon: accounts and hashtags of the servers that a campaign names, by plain HTTP."""
