"""Counts of posts: which spans are due, asked for page by page, and what is known of them."""
