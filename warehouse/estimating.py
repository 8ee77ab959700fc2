"""Estimates: from the series of staging, through `warehouse.effects`, into baselines and the tables of effects.

Of a campaign of which any day was touched, the sources whose series changed are estimated anew, the whole season: a
baseline rests on all of it. Mentions are one source here, because their kinds are pooled.
"""

import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from warehouse.baseline_rows import OUTCOMES, baseline_rows
from warehouse.effect_answers import Answer, answer_panel, columns_of, with_families
from warehouse.effects.spec import Spec, spec_with
from warehouse.effects.study import Study
from warehouse.estimated_inputs import sources_changed
from warehouse.series import read_events, read_panels

Row = dict[str, Any]  # by column
BASELINES = "staging.baselines"
BUZZ = "metrics.debate_buzz_effect"
DONATIONS = "metrics.debate_donation_effect"
_SOURCES = {BASELINES: "source_id", BUZZ: "''", DONATIONS: "source_id"}  # SQL: whose rows they are


def estimate(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill what the estimator fills, for the campaigns that were touched; returns the tables that changed."""
    con.execute("CREATE OR REPLACE TEMP TABLE baselines_before AS FROM staging.baselines")
    campaigns = con.execute(
        "SELECT campaign_id, timezone, spec FROM staging.campaigns"
        " SEMI JOIN staging.touched_days USING (campaign_id) ORDER BY campaign_id"
    ).fetchall()
    for campaign_id, zone, overrides in campaigns:
        tell(f"estimating {campaign_id}")
        _estimate_campaign(con, campaign_id, ZoneInfo(zone), spec_with(json.loads(overrides)))
    _restate_days(con)
    return {BASELINES, BUZZ, DONATIONS} if campaigns else set()


def _restate_days(con: duckdb.DuckDBPyConnection) -> None:
    """List the days whose interval rows are made anew: those touched, and those of which something else is expected."""
    con.execute("DELETE FROM staging.restated_days")
    con.execute(
        """INSERT INTO staging.restated_days
        FROM staging.touched_days
        UNION
        SELECT d.campaign_id, d.local_on
        FROM (
            (FROM baselines_before EXCEPT ALL FROM staging.baselines)
            UNION ALL
            (FROM staging.baselines EXCEPT ALL FROM baselines_before)
        ) AS b
        INNER JOIN staging.days AS d ON b.campaign_id = d.campaign_id
        WHERE b.interval_start_at >= d.starts_at AND b.interval_start_at < d.ends_at"""
    )
    con.execute("DROP TABLE baselines_before")


def _estimate_campaign(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo, spec: Spec) -> None:
    [run_id] = con.execute("SELECT run_id FROM staging.this_run").fetchone() or ("",)
    events = read_events(con, campaign_id)
    panels = list(read_panels(con, campaign_id, zone))
    inputs = [(panel.key.source_id, (panel, events, spec)) for panel in panels]
    changed = sources_changed(con, campaign_id, inputs)
    rows: dict[str, list[Row]] = {BASELINES: [], BUZZ: [], DONATIONS: []}
    answers: list[Answer] = []
    for panel in panels:
        if panel.key.source_id not in changed:
            continue
        fitted = panel.fit(events, spec)
        answers += answer_panel(panel, Study(fitted), events, spec)
        if panel.key.outcome in OUTCOMES:
            rows[BASELINES] += ({"campaign_id": campaign_id, **row} for row in baseline_rows(panel, fitted, zone))
    for answer in with_families(answers, spec):
        table = BUZZ if answer.key.outcome == "mentions" else DONATIONS
        rows[table].append({"campaign_id": campaign_id, "run_id": run_id, **columns_of(answer)})
    for table, source in _SOURCES.items():
        con.execute(
            f"DELETE FROM {table} WHERE campaign_id = ? AND list_contains(?, {source})", [campaign_id, list(changed)]
        )
        _insert(con, table, rows[table])


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    con.register("estimated", pa.Table.from_pylist(rows))
    con.execute(f"INSERT INTO {table} BY NAME FROM estimated")
    con.unregister("estimated")
