"""What we know: records are landed, loaded, modelled, checked and published.

DuckDB and Arrow live here; no connector does.
"""
