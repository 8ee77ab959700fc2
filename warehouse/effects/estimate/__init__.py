"""What an event did, and how sure that is."""
