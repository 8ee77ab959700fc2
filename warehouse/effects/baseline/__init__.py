"""What would have been expected without an event."""
