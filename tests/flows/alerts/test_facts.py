"""What the published tables tell the rules: spikes of the last hours, and what was seen since an event began."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.folder import read_campaign
from flows.alerts.facts import read_facts
from flows.health.read import Health
from flows.settings import Settings
from tests.flows.small_campaign import write_small_campaign

BUZZ = "campaign_id, candidate_id, source_kind, scope, interval_minutes, interval_start_at, mentions, expected, z"
COVERAGE = "campaign_id, source_id, source_kind, interval_minutes, interval_start_at, due, observed"


@pytest.fixture
def live(tmp_path: Path) -> Health:
    """An hour and a half into the campaign's debate."""
    campaign = read_campaign(write_small_campaign(tmp_path / "campaigns"))
    [start] = [event.starts_at for event in campaign.events if event.event_kind == "debate" and event.starts_at]
    return Health(now=start + timedelta(minutes=90), campaigns=[campaign])


def publish(home: Path, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    (home / "published").mkdir(parents=True, exist_ok=True)
    values = ", ".join(
        "(" + ", ".join(f"'{value}'" if value is not None else "NULL" for value in row) + ")" for row in rows
    )
    with duckdb.connect(home / "published" / "afterdebate.duckdb") as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS metrics")
        kinds = {"interval_start_at": "TIMESTAMPTZ", "mentions": "BIGINT", "interval_minutes": "BIGINT"}
        kinds |= dict.fromkeys(("expected", "z", "due", "observed"), "DOUBLE")
        casts = ", ".join(f"{name}::{kinds.get(name, 'VARCHAR')} AS {name}" for name in columns.split(", "))
        con.execute(f"CREATE TABLE metrics.{table} AS SELECT {casts} FROM (VALUES {values}) AS t({columns})")


def test_only_recent_high_and_frequent_hours_are_spikes(live: Health, tmp_path: Path) -> None:
    hour = live.now - timedelta(hours=1)

    def row(who: str, *, at: object = hour, mentions: int = 50, z: float = 9) -> tuple[object, ...]:
        return ("small", who, "blog", "national", 60, at, mentions, 10, z)

    publish(tmp_path, "buzz_by_interval", BUZZ, [
        row("ada"), row("low", z=7.9), row("few", mentions=9), row("past", at=live.now - timedelta(hours=4)),
    ])  # fmt: skip
    assert [(spike.candidate_id, spike.mentions) for spike in read_facts(Settings(home=tmp_path), live).spikes] == [
        ("ada", 50)
    ]


def test_the_share_that_was_seen_since_the_event_began_counts_by_seconds(live: Health, tmp_path: Path) -> None:
    start = live.now - timedelta(minutes=90)
    publish(tmp_path, "coverage", COVERAGE, [
        ("small", "blog", "blog", 60, start, 3600, 3600),
        ("small", "blog", "blog", 60, start + timedelta(hours=1), 1800, 0),
        ("small", "blog", "blog", 60, start - timedelta(hours=5), 3600, 0),  # before it
        ("small", "blog", "blog", 1440, start, 86400, 0),  # another grain
        ("small", "gifts", "donations", 60, start, 3600, 0),
        ("small", "vague", "blog", 60, start, 3600, None),  # unknown is not unseen
        ("other", "blog", "blog", 60, start, 3600, 0),
    ])  # fmt: skip
    [seen] = read_facts(Settings(home=tmp_path), live).seen
    assert (seen.source_id, round(seen.share, 3)) == ("blog", 0.667)


def test_a_home_without_tables_tells_nothing(live: Health, tmp_path: Path) -> None:
    facts = read_facts(Settings(home=tmp_path), live)
    assert (facts.spikes, facts.seen) == ([], [])
