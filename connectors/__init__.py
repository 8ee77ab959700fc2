"""What is out there: one module a kind of source, bytes in and records out.

No Prefect, no DuckDB, no environment, no clock.
"""
