"""X: where tweepy stops."""
