"""Charts: rows in, chart out. They ask nothing, read no file and know no page."""
