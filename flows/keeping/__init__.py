"""What keeps a home: making it anew, keeping copies of it, and saying what is wrong with it."""
