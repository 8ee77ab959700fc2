"""The polls of a campaign as arrays, one set for each candidate."""

import duckdb
import numpy as np

from warehouse.effects.polls.windows import Polls

_POLLS = """
    SELECT candidate_id, starts_on, ends_on, dense_rank() OVER (ORDER BY pollster_key) AS pollster,
        dense_rank() OVER (ORDER BY population_key) AS population, sample, share
    FROM staging.polls
    -- Of the whole country: polls of a part of it are about other people.
    WHERE campaign_id = ? AND territory = ''
    ORDER BY ALL
"""


def read_polls(con: duckdb.DuckDBPyConnection, campaign_id: str) -> dict[str, Polls]:
    """By candidate; pollsters and kinds of people have the same numbers throughout."""
    found = con.execute(_POLLS, [campaign_id]).fetchall()
    by_candidate = {
        name: [row[1:] for row in found if row[0] == name] for name in dict.fromkeys(row[0] for row in found)
    }
    return {name: _polls(rows) for name, rows in by_candidate.items()}


def _polls(rows: list[tuple]) -> Polls:  # type: ignore[type-arg]
    first, last, pollster, population, sample, share = zip(*rows, strict=True)
    return Polls(
        first_day=np.array([day.toordinal() for day in first], dtype=np.int64),
        last_day=np.array([day.toordinal() for day in last], dtype=np.int64),
        pollster=np.array(pollster, dtype=np.int64),
        population=np.array(population, dtype=np.int64),
        sample=np.array(sample, dtype=np.float64),
        share=np.array(share, dtype=np.float64),
    )
