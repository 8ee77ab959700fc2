"""Archives of posts that people already hold."""
