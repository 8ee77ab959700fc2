"""Archives of posts that people hold: a file that was dropped -> landed."""
