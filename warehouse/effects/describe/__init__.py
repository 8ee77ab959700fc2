"""What else the series say around an event."""
