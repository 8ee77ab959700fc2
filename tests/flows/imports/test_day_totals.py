"""Sums by the day: each tells of its own day, and debates are measured on days."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.folder import read_campaign
from flows.build import build_warehouse_once
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from flows.steps import land_facts

NOW = datetime(2020, 12, 20, 12, tzinfo=UTC)
TOML = """
id = "us"
title = "US"
timezone = "America/New_York"
currency = "USD"
start = 2020-06-01
end = 2020-11-30
[[candidates]]
id = "biden"
name = "Joe Biden"
[[donations]]
id = "days"
format = "totals"
path = "days.csv"
candidate = "biden"
precision = "interval"
"""
EVENTS = """event_id,event_kind,title,starts_at,ends_at,participants
first,debate,First,2020-10-13T21:00,2020-10-13T22:30,biden
"""
DEBATE = date(2020, 10, 13)
UNTOLD = date(2020, 8, 2)


def test_day_totals_have_effects_of_whole_days_and_a_day_without_a_sum_is_no_zero(tmp_path: Path) -> None:
    days = [date(2020, 6, 1) + timedelta(days=number) for number in range(183)]
    # Floats of another tool, three times as much from the debate on for three days.
    sums = [
        f"{day},{(1000 + 40 * (number % 9)) * (3 if 0 <= (day - DEBATE).days < 3 else 1)}.10000000000002,50"
        for number, day in enumerate(days)
        if day != UNTOLD
    ]
    (tmp_path / "campaign.toml").write_text(TOML)
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "days.csv").write_text("\n".join(["date,sum,count", *sums]))
    campaign, settings = read_campaign(tmp_path), Settings(home=tmp_path / "home", donor_key="a key")
    land_facts(campaign, settings, NOW)
    collected = import_donations_once(campaign, settings, NOW)
    assert "days: days.csv: 182 sums with more than two decimals were rounded to the cent" in collected.notes
    built = build_warehouse_once(settings.home, NOW, tell=lambda _: None)
    with duckdb.connect(str(built.published), read_only=True) as con:
        rows = con.execute(
            "SELECT horizon_minutes, status, rr, coverage FROM metrics.debate_donation_effect"
            " WHERE event_id = 'first' AND metric = 'amount' ORDER BY horizon_minutes"
        ).fetchall()
        untold = con.execute(
            f"SELECT coverage FROM metrics.coverage WHERE interval_minutes = 1440 AND local_on = '{UNTOLD}'"
        ).fetchall()
    by_horizon = {horizon: (status, rr, coverage) for horizon, status, rr, coverage in rows}
    assert by_horizon[180][0] == "precision_too_coarse"
    assert by_horizon[4320] == ("ok", pytest.approx(3, rel=0.15), 1)
    assert untold == [(0,)]
