"""The shipped campaign, offline."""
