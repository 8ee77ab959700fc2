"""An analyst's program that opens the published database again and again: run as a file, with any DuckDB.

Arguments: the database, and a file whose coming ends it. It prints one line of JSON: how often it looked, how many
builds it saw, and what went wrong. Within one connection everything must be of one build, before and after a pause.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

_BUILD = """
SELECT (SELECT run_id FROM facts.publication),
    (SELECT max_by(run_id, built_at) FROM metrics.runs),
    (SELECT count(*) FROM metrics.donation_by_interval),
    (SELECT sum(amount) FROM metrics.donations_hourly)
"""

_PAUSE_S = 0.1  # longer than it takes to replace the file, shorter than a build


def main(database: str, end: Path) -> None:
    looks, runs, wrong = 0, [], []
    while not end.exists():
        try:
            with duckdb.connect(database, read_only=True) as con:
                first = con.execute(_BUILD).fetchone()
                time.sleep(_PAUSE_S)
                again = con.execute(_BUILD).fetchone()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            wrong.append(f"{type(error).__name__}: {error}"[:300])
            continue
        looks += 1
        time.sleep(_PAUSE_S)
        if first is None or first != again or first[0] != first[1]:
            wrong.append(f"two builds in one: {first} {again}"[:300])
        elif first[0] not in runs:
            runs.append(first[0])
    told = {"duckdb": duckdb.__version__, "looks": looks, "builds": len(runs), "wrong": wrong[:5], "errors": len(wrong)}
    print(json.dumps(told))  # noqa: T201 - it is what it is for


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
