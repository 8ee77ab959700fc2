"""The files of `effects --export` say all that an answer rests on: grid, zone, breaks, an analysis of one's own."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from flows.effects_csv.answer import answer_asks
from flows.effects_csv.export import export_effects
from flows.faults import UsageFault
from flows.screen.effects import answer_effects, read_spec, tell_export
from warehouse.estimates.estimating import estimate
from warehouse.store import prepare
from warehouse.tables.models import create_tables

SEASON_AT = datetime(2020, 9, 1, 4, tzinfo=UTC)
DEBATE_AT = datetime(2020, 10, 20, 0, 30, tzinfo=UTC)
DAYS = 80


def hours(anchor: int, outcome: str = "amount") -> pa.Table:
    """80 days of two candidates' hourly gifts, the debate's hours lifted; some hours unseen, some unknown."""
    rng = np.random.default_rng(7)
    first = SEASON_AT + timedelta(minutes=anchor)
    rows = []
    for candidate in ("ada", "bob"):
        for hour in range(DAYS * 24):
            at = first + timedelta(hours=hour)
            lift = 2.5 if candidate == "ada" and DEBATE_AT <= at < DEBATE_AT + timedelta(hours=3) else 1.0
            row = {
                "campaign_id": "us",
                "local_on": (at - timedelta(hours=4)).date(),
                "outcome": outcome,
                "source_kind": "donations",
                "scope": "",
                "source_id": "gifts",
                "precision": "instant",
                "candidate_id": candidate,
                "anchor_minutes": anchor,
                "interval_minutes": 60,
                "interval_start_at": at,
                "value": float(rng.gamma(20, 3.3 * lift) if outcome == "amount" else rng.poisson(3 * lift)),
                "coverage": None if hour % 97 == 0 else 0.7 if hour % 31 == 0 else 1.0,
                "is_synthetic": False,
            }
            if hour % 53:
                rows.append(row)
    return pa.Table.from_pylist(rows)


@pytest.fixture(params=["amount", "count"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home whose last build knew a campaign with a spec of its own and a break in its gifts: sums, and counts too."""
    outcomes = ["amount", "count"] if request.param == "count" else ["amount"]
    with duckdb.connect(tmp_path / "warehouse.duckdb") as con:
        prepare(con)
        create_tables(con)
        con.execute("INSERT INTO staging.this_run VALUES ('a-run', now(), 0, 1, '')")
        con.execute("INSERT INTO staging.touched_days VALUES ('us', DATE '2020-10-20')")
        con.execute(
            """INSERT INTO staging.campaigns BY NAME SELECT 'us' AS campaign_id, 'America/New_York' AS timezone,
            '{"horizons": [120, 1440], "level": 0.1}' AS spec"""
        )
        con.execute(
            """INSERT INTO staging.series_breaks BY NAME SELECT 'us' AS campaign_id, 'donations' AS source_kind,
            'gifts' AS source_id, TIMESTAMPTZ '2020-09-06 00:00:00+00' AS broke_at"""
        )
        events = [
            ("debate", "debate", DEBATE_AT, ["ada"]),
            ("rally", "rally", datetime(2020, 10, 1, 23, tzinfo=UTC), ["bob"]),
            ("vote", "vote", None, []),
        ]
        for event_id, kind, at, participants in events:
            con.execute(
                """INSERT INTO staging.events BY NAME SELECT 'us' AS campaign_id, ? AS event_id, ? AS event_kind,
                coalesce(?::TIMESTAMPTZ, TIMESTAMPTZ '2020-11-03')::DATE AS starts_on, ?::TIMESTAMPTZ AS starts_at,
                'America/Chicago' AS timezone, ?::VARCHAR[] AS participants, true AS is_held""",
                [event_id, kind, at, at, participants],
            )
        for anchor, table in ((0, "effect_series"), (30, "anchored_series")):
            for outcome in outcomes:
                given = hours(anchor, outcome)
                con.register("given", given if anchor else given.drop_columns("anchor_minutes"))
                con.execute(f"INSERT INTO staging.{table} BY NAME FROM given")
        estimate(con, lambda _text: None)
    return tmp_path


def printed(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def test_an_analysis_of_ones_own_is_computed_again_to_the_last_printed_digit(home: Path) -> None:
    folder = home / "rerun"
    command = export_effects(home, Path("us"), folder)
    assert command.endswith(f"--spec {folder / 'spec.toml'}")
    again = answer_asks(
        folder / "series.csv",
        folder / "events.csv",
        asks_path=folder / "asks.csv",
        spec=read_spec(folder / "spec.toml"),
    )
    with duckdb.connect(home / "warehouse.duckdb") as con:
        published = {
            (metric, candidate_id, event_id, horizon): values
            for metric, candidate_id, event_id, horizon, *values in con.execute(
                """SELECT metric, candidate_id, event_id, horizon_minutes, status,
                    rr, rr_low, p, p_placebo, excess, observed
                FROM metrics.debate_donation_effect WHERE event_id != 'ALL' AND metric IN ('amount', 'count')"""
            ).fetchall()
        }
    metrics = {metric for metric, *_ in published}
    assert {a.case_id for a in again if a.event_id == "debate"} == {
        f"{metric}/gifts/+30min/since 2020-09-06" for metric in metrics
    }
    assert {a.case_id for a in again if a.event_id == "rally"} == {
        f"{metric}/gifts/since 2020-09-06" for metric in metrics
    }
    assert len(again) == len(published)
    for a in again:
        status, *numbers = published[a.case_id.partition("/")[0], a.candidate_id, a.event_id, a.horizon_minutes]
        assert a.status == status
        found = (a.rr, a.rr_low, a.p_value, a.p_placebo, a.excess, a.observed)
        assert [printed(value) for value in found] == [printed(value) for value in numbers]
    assert {a.status for a in again} == {"ok", "precision_too_coarse"}
    debates = [a for a in again if a.event_id == "debate" and a.horizon_minutes == 120]
    assert all(a.rr_low is None or a.rr_low > 1 for a in debates)


def test_a_campaign_that_was_never_built_is_told_so(home: Path) -> None:
    with pytest.raises(UsageFault, match="nothing was built of campaign fr"):
        export_effects(home, Path("fr"), home / "rerun")
    with pytest.raises(UsageFault, match="nothing was built of campaign us"):
        export_effects(home / "elsewhere", Path("us"), home / "rerun")


def test_a_place_that_cannot_be_written_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = home / "taken"
    taken.write_text("a file, not a folder")
    with pytest.raises(UsageFault, match=r"taken: File exists\. Mend"):
        tell_export(home, Path("us"), taken)

    def run_out(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    tell_export(home, Path("us"), home / "rerun")
    monkeypatch.setattr("flows.effects_csv.answer.write_answers", run_out)
    series, events, asks = (home / "rerun" / name for name in ("series.csv", "events.csv", "asks.csv"))
    with pytest.raises(UsageFault, match=r"No space left on device\. Mend"):
        answer_effects(series, events, asks, home / "results.csv", None)
