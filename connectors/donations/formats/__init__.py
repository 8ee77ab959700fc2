"""One module a layout of donation files."""
