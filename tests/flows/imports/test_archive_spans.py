"""What an archive of posts can answer: nothing where nobody vouches for it, effects where its span is declared."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.folder import read_campaign
from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.settings import Settings
from flows.steps import land_facts
from tests.flows.x.case import campaign_of

NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
DEBATE = datetime(2026, 11, 5, 20, tzinfo=UTC)
TOML = """
id = "race"
title = "A race"
timezone = "UTC"
currency = "USD"
start = 2026-09-01
end = 2026-11-30
[[candidates]]
id = "ada"
name = "Ada Quill"
[[archives]]
id = "old-posts"
path = "archive/*"
format = "x-v2"
"""
EVENTS = """event_id,event_kind,title,starts_at,ends_at,participants
first,debate,First debate,2026-11-05T20:00,2026-11-05T22:00,ada
"""
Row = dict[str, object]


def archive() -> str:
    """Posts that name her, four to eight an hour for 91 days, and ninefold in the three hours of the debate."""
    lines, number = [], 0
    for hour in range(91 * 24):
        at = FIRST + timedelta(hours=hour)
        usual = 4 + (hour * 7) % 5
        for place in range(usual * 9 if DEBATE <= at < DEBATE + timedelta(hours=3) else usual):
            number += 1
            told = (at + timedelta(seconds=place * 50)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            post = {"id": str(10**18 + number), "author_id": str(number % 97), "text": "Ada Quill", "created_at": told}
            lines.append(json.dumps(post))
    return "\n".join(lines)


def effects(tmp_path: Path, declared: str) -> tuple[list[Row], list[Row]]:
    """The effect rows of the debate by horizon, and the hours of the debate."""
    folder = tmp_path / "race"
    (folder / "archive").mkdir(parents=True)
    (folder / "archive" / "posts.jsonl").write_text(archive())
    campaign_of(tmp_path, TOML + declared)
    (folder / "events.csv").write_text(EVENTS)
    campaign = read_campaign(folder)
    settings = Settings(home=tmp_path / "home", author_key="a key")
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)
    built = build_warehouse_once(settings.home, NOW, tell=lambda _: None)
    assert built.published is not None
    with duckdb.connect(built.published, read_only=True) as con:
        found = told(
            con, "debate_buzz_effect WHERE event_id = 'first' AND horizon_minutes > 0 ORDER BY horizon_minutes"
        )
        hour = f"interval_start_at = '{DEBATE:%F %T}+00'"
        return found, told(con, f"buzz_by_interval WHERE interval_minutes = 60 AND {hour}")


def told(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    rows = con.sql(f"FROM metrics.{table}")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def test_an_archive_whose_span_nobody_declared_has_no_effect(tmp_path: Path) -> None:
    rows, _ = effects(tmp_path, "")
    assert {row["status"] for row in rows} == {"insufficient_coverage"}


def test_an_archive_with_a_declared_span_has_effects_on_counts_and_ratios(tmp_path: Path) -> None:
    rows, [hour] = effects(tmp_path, "covers_from = 2026-09-01\ncovers_to = 2026-11-30\n")
    three_hours = rows[0]
    assert (three_hours["horizon_minutes"], three_hours["status"], three_hours["coverage"]) == (180, "ok", 1)
    assert three_hours["rr"] == pytest.approx(9, rel=0.25)
    assert three_hours["excess"] == pytest.approx(8 * 18, rel=0.25)
    assert (hour["coverage"], hour["flags"]) == (1, [])


def test_a_constant_sample_has_ratios_and_gives_no_sum_as_the_worlds(tmp_path: Path) -> None:
    rows, [hour] = effects(tmp_path, 'sampling = "constant"\n')
    three_hours = rows[0]
    assert three_hours["status"] == "ok"
    assert three_hours["rr"] == pytest.approx(9, rel=0.25)
    assert "constant_sampling" in str(three_hours["flags"])
    assert [three_hours[name] for name in ("excess", "excess_low", "excess_high", "coverage")] == [None] * 4
    assert (hour["coverage"], hour["flags"]) == (None, ["constant_sampling"])


def test_days_that_the_span_leaves_out_are_no_silence(tmp_path: Path) -> None:
    rows, [hour] = effects(tmp_path, "covers_from = 2026-09-01\ncovers_to = 2026-11-04\n")
    assert {row["status"] for row in rows} == {"insufficient_coverage"}
    assert hour["coverage"] is None
