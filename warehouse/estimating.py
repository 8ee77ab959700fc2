"""Estimates: from the counts of staging, through `warehouse.effects`, into baselines and the tables of effects."""

from collections.abc import Callable

import duckdb


def estimate(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill what the estimator fills, for what was touched; returns the names of the tables that changed."""
    tell("estimating")
    con.execute("DELETE FROM staging.restated_days")
    con.execute("INSERT INTO staging.restated_days FROM staging.touched_days")
    return set()
