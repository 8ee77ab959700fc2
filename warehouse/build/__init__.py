"""One build, from what landed to what is published."""
