"""What a cell of a donation file means."""
