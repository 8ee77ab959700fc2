"""A `.sql` file as a table: ordered, touched, checked."""
