"""Estimates: from the series of staging, through `warehouse.effects`, into baselines and the tables of effects.

Of a campaign of which any day was touched, the sources whose series changed are estimated anew, the whole season: a
baseline rests on all of it. Mentions are one source here, because their kinds are pooled.
"""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.estimates.baselines import OUTCOMES, baseline_tables
from warehouse.estimates.campaigns import TouchedCampaign, touched_campaigns
from warehouse.estimates.event_effects import Answer, answer_source, columns_of, with_families
from warehouse.estimates.inputs_hash import sources_changed
from warehouse.estimates.mean_gifts import mean_gift_answers
from warehouse.estimates.placebos import placebo_rows
from warehouse.estimates.pooled_kinds import pool_kinds
from warehouse.estimates.spec_versions import spec_changed_at
from warehouse.series.fits import Fits
from warehouse.series.read import described_keys, read_events, read_panels
from warehouse.series.study import SourceStudy

Row = dict[str, Any]  # by column
BASELINES = "staging.baselines"
BUZZ = "metrics.debate_buzz_effect"
DONATIONS = "metrics.debate_donation_effect"
PLACEBOS = "metrics.effect_placebos"
SIGNUPS = "metrics.debate_signup_effect"
_DIFFERENT = """(FROM baselines_before EXCEPT ALL FROM staging.baselines)
    UNION ALL
    (FROM staging.baselines EXCEPT ALL FROM baselines_before)"""
Then = Callable[[TouchedCampaign, Fits], set[str]]
_SOURCES = {  # SQL: whose rows they are
    BASELINES: "source_id",
    BUZZ: "''",
    DONATIONS: "source_id",
    SIGNUPS: "source_id",
    PLACEBOS: "coalesce(source_id, '')",
}


def _nothing_else(_campaign: TouchedCampaign, _fits: Fits) -> set[str]:
    return set()


def estimate(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None], then: Then = _nothing_else) -> set[str]:
    """Fill what the estimator fills, for the campaigns that were touched; returns the tables that changed.

    `then` is done with each campaign while what was fitted of it is at hand; it returns the tables that it changed.
    """
    changed: set[str] = set()
    con.execute("CREATE OR REPLACE TEMP TABLE baselines_before AS FROM staging.baselines")
    for campaign in touched_campaigns(con):
        tell(f"estimating {campaign.campaign_id}")
        fits = Fits()
        _estimate_campaign(con, campaign, fits)
        changed |= set(_SOURCES) | then(campaign, fits)
    _restate_days(con)
    return changed


def _restate_days(con: duckdb.DuckDBPyConnection) -> None:
    """List the days whose interval rows are made anew: those touched, and those of which something else is expected."""
    con.execute("DELETE FROM staging.restated_days")
    # Of a first build all is another: to compare with nothing would cost as much as the series.
    has_before = con.execute("SELECT EXISTS (FROM baselines_before)").fetchone() == (True,)
    changed = f"({_DIFFERENT})" if has_before else "staging.baselines"
    con.execute(
        f"""INSERT INTO staging.restated_days
        FROM staging.touched_days
        UNION
        SELECT d.campaign_id, d.local_on
        FROM (SELECT DISTINCT campaign_id, interval_start_at FROM {changed}) AS b
        -- The last day that begins before: a join on the two bounds would try every row with every day.
        ASOF INNER JOIN staging.days AS d ON b.campaign_id = d.campaign_id AND b.interval_start_at >= d.starts_at
        WHERE b.interval_start_at < d.ends_at"""
    )
    con.execute("DROP TABLE baselines_before")


def _estimate_campaign(con: duckdb.DuckDBPyConnection, campaign: TouchedCampaign, fits: Fits) -> None:
    campaign_id, zone, spec = campaign
    [run_id] = con.execute("SELECT run_id FROM staging.this_run").fetchone() or ("",)
    events, changed_at = read_events(con, campaign_id, zone), spec_changed_at(con, campaign_id)
    read = list(read_panels(con, campaign_id, zone))
    described = described_keys(panels[0].key for panels in read)
    fits.panels.update((panels[0].key, panels) for panels in read if panels[0].key in described)
    sizes = _gift_sizes(con, campaign_id)
    inputs = [(panels[0].key.source_id, (panels, events, spec, changed_at)) for panels in read]
    changed = sources_changed(con, campaign_id, inputs + list(sizes.items()))
    if changed and "source" not in spec.families:
        changed |= {source_id for source_id, _ in inputs}  # a family of all sources is judged together
    for table, of_source in _SOURCES.items():
        con.execute(
            f"DELETE FROM {table} WHERE campaign_id = ? AND list_contains(?, {of_source})", [campaign_id, list(changed)]
        )
    rows: dict[str, list[Row]] = {BUZZ: [], DONATIONS: [], SIGNUPS: [], PLACEBOS: []}
    answers: list[Answer] = []
    for panels in read:
        # Of gifts and amounts of one source only one is described: the other's fits are not kept.
        source = SourceStudy(panels, events, spec, fits if panels[0].key in described else Fits())
        if source.key.source_id not in changed:
            continue
        answers += answer_source(source, changed_at)
        if source.key.outcome == "count":
            answers += mean_gift_answers(con, campaign_id, source, changed_at)
        if source.key.outcome in OUTCOMES or source.key.source_kind == "signups":
            parts = [(panel, source.study(panel).panel) for panel in panels if panel.anchor_minutes == 0]
            # All at once: what comes in small parts stays in memory until the build commits.
            expected = pa.concat_tables(baseline_tables(parts, zone))
            _insert(con, BASELINES, expected.append_column("campaign_id", pa.repeat(campaign_id, len(expected))))
    answers += list(pool_kinds(answers, spec))
    rows[PLACEBOS] = [{"campaign_id": campaign_id, "run_id": run_id, **row} for row in placebo_rows(answers)]
    for answer in with_families(answers, spec):
        of_kind = SIGNUPS if answer.key.source_kind == "signups" else DONATIONS
        table = BUZZ if answer.key.outcome == "mentions" else of_kind
        rows[table].append({"campaign_id": campaign_id, "run_id": run_id, **columns_of(answer)})
    for table, found in rows.items():
        _insert(con, table, pa.Table.from_pylist(found))


def _gift_sizes(con: duckdb.DuckDBPyConnection, campaign_id: str) -> dict[str, object]:
    """What tells the gifts' own sizes apart, by source: the mean gift may change where sum and count do not."""
    # Together: equal rows cancel in an exclusive or, and not in a sum or a count.
    found = con.execute(
        "SELECT source_id, count(*), bit_xor(hash(s)), sum(hash(s)::HUGEINT)"
        " FROM staging.gift_sizes AS s WHERE campaign_id = ? GROUP BY source_id ORDER BY source_id",
        [campaign_id],
    ).fetchall()
    return {source_id: tuple(told) for source_id, *told in found}


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    if not len(rows):
        return
    con.register("estimated", rows)
    told = "*"
    if table == PLACEBOS:
        told = "* EXCLUDE (quiet_minutes), list_transform(quiet_minutes, m -> to_timestamp(m * 60)) AS quiet_starts_at"
    con.execute(f"INSERT INTO {table} BY NAME SELECT {told} FROM estimated")
    con.unregister("estimated")
