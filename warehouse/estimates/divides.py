"""How givers follow internet access: from the territories of each source to rows of `territory_divide`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import NamedTuple

import duckdb
import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.describe.divide import measure_divide
from warehouse.effects.spec import Spec
from warehouse.tables.filling import Row

# Territories of the level that the source tells of: those above them are their sums.
_TERRITORIES = """
    SELECT g.source_id, g.candidate_id, g.donors IS NOT NULL, s.is_synthetic,
        coalesce(g.donors, g.gifts), t.population, t.online_share, t.control, g.territory
    FROM staging.territory_gifts AS g
    INNER JOIN staging.territories AS t USING (campaign_id, territory)
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    WHERE g.campaign_id = ? AND g.is_told AND t.online_share IS NOT NULL AND coalesce(g.donors, g.gifts) IS NOT NULL
    ORDER BY ALL
"""
_COVERAGE = """
    SELECT source_id, CASE WHEN count(coverage) = count(*) THEN avg(coverage) END
    FROM staging.coverage_by_source WHERE campaign_id = ? AND interval_minutes = 1440 GROUP BY source_id ORDER BY ALL
"""


class _Series(NamedTuple):
    source_id: str
    candidate_id: str
    has_donors: bool
    is_synthetic: bool


def read_territories(con: duckdb.DuckDBPyConnection, campaign_id: str) -> tuple[object, ...]:
    """All that the rows below rest on."""
    found = con.execute(_TERRITORIES, [campaign_id]).fetchall()
    return found, con.execute(_COVERAGE, [campaign_id]).fetchall() if found else []


def divide_rows(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Iterator[Row]:
    """One row for each source that says where gifts come from, and each candidate whom it tells of."""
    coverage = dict(con.execute(_COVERAGE, [campaign_id]).fetchall())
    series: dict[_Series, list[tuple[float, ...]]] = defaultdict(list)
    for source_id, candidate_id, has_donors, is_synthetic, *numbers, _ in con.execute(
        _TERRITORIES, [campaign_id]
    ).fetchall():
        series[_Series(source_id, candidate_id, has_donors, is_synthetic)].append(tuple(numbers))
    for one, rows in series.items():
        counts, population, share = (_column(rows, number) for number in range(3))
        controls = [row[3] for row in rows]
        # What is held fixed is held fixed everywhere, or nowhere.
        control = _column(rows, 3) if all(value is not None for value in controls) else None
        found = measure_divide(counts, population, share, spec, control=control)
        yield {
            **asdict(found),
            "candidate_id": one.candidate_id,
            "source_id": one.source_id,
            "outcome": "donors" if one.has_donors else "gifts",
            "coverage": coverage.get(one.source_id),
            "flags": [*found.flags, *(["synthetic"] if one.is_synthetic else [])],
        }


def _column(rows: list[tuple[float, ...]], number: int) -> Floats:
    return np.array([row[number] for row in rows], dtype=np.float64)
