"""Polls on their way from a dropped file to `poll_change`: once, amended, taken back, set aside and told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.build import build_warehouse_once
from flows.imports.donations import withdraw_file
from flows.imports.files import import_files_once
from flows.settings import Settings
from flows.steps import land_facts
from warehouse.landing.files import read_landed

NOW = datetime(2012, 11, 8, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TOML = """
id = "us"
title = "US"
timezone = "America/New_York"
currency = "USD"
start = 2012-09-01
end = 2012-11-06
[[candidates]]
id = "romney"
name = "Mitt Romney"
[[polls]]
id = "polls"
path = "polls/*.csv"
candidate_columns = { romney = "romney" }
"""
EVENTS = """event_id,event_kind,title,starts_at,ends_at,participants
first,debate,First,2012-10-03T21:00,2012-10-03T22:30,romney
"""
HEADER = "pollster,starts_on,ends_on,sample,population,romney\n"
ROWS = """Gallup,2012-09-22,2012-09-24,1000,LV,44
Gallup,2012-09-26,2012-09-28,1000,LV,45
Pew,2012-09-21,2012-09-25,1000,LV,48
Pew,2012-09-27,2012-09-30,1000,LV,49
Gallup,2012-10-05,2012-10-07,1000,LV,47
Gallup,2012-10-09,2012-10-11,1000,LV,48
Pew,2012-10-05,2012-10-08,1000,LV,51
Pew,2012-10-10,2012-10-13,1000,LV,52
"""


def a_campaign(folder: Path, toml: str = TOML) -> Campaign:
    (folder / "polls").mkdir(exist_ok=True)
    (folder / "campaign.toml").write_text(toml)
    (folder / "events.csv").write_text(EVENTS)
    return read_campaign(folder)


def built_rows(settings: Settings, now: datetime = NOW) -> list[tuple[object, ...]]:
    built = build_warehouse_once(settings.home, now, tell=lambda _: None)
    with duckdb.connect(str(built.published), read_only=True) as con:
        return con.execute(
            "SELECT event_id, n_before, n_after, round(change, 2), status, verdict, run_id FROM metrics.poll_change"
        ).fetchall()


def test_polls_become_a_change_amended_by_a_later_file_and_gone_when_taken_back(tmp_path: Path) -> None:
    campaign, settings = a_campaign(tmp_path), Settings(home=tmp_path / "home")
    (tmp_path / "polls" / "a.csv").write_text(HEADER + ROWS)
    land_facts(campaign, settings, NOW)
    collected = import_files_once(campaign, settings, NOW)
    assert (collected.read["polls"], collected.landed["polls"], collected.failed) == (8, 8, {})
    [(event_id, *numbers, first_run)] = built_rows(settings)
    assert (event_id, numbers) == ("first", [4, 4, 3.0, "ok", "effect"])
    # The same content again is known, and nothing is built.
    again = import_files_once(campaign, settings, LATER)
    assert (again.landed["polls"], again.duplicates["polls"]) == (0, 8)
    assert built_rows(settings, LATER)[0][-1] == first_run
    # Two polls told again with 2 points more: one poll, as the later file says.
    more = ROWS.splitlines()[6:]
    amended = "\n".join(line.rpartition(",")[0] + f",{int(line.rpartition(',')[2]) + 2}" for line in more)
    (tmp_path / "polls" / "b.csv").write_text(f"{HEADER}{amended}\n")
    import_files_once(campaign, settings, LATER)
    assert [row[1:5] for row in built_rows(settings, LATER)] == [(4, 4, 4.0, "ok")]
    taken = withdraw_file(campaign, settings, LATER, tmp_path / "polls" / "b.csv")
    assert taken.failed == {}
    assert [row[1:5] for row in built_rows(settings, LATER)] == [(4, 4, 3.0, "ok")]
    withdraw_file(campaign, settings, LATER, tmp_path / "polls" / "a.csv")
    assert built_rows(settings, LATER) == []


def test_rows_that_cannot_be_read_are_set_aside_counted_and_told(tmp_path: Path) -> None:
    campaign, settings = a_campaign(tmp_path), Settings(home=tmp_path / "home")
    (tmp_path / "polls" / "a.csv").write_text(f"{HEADER}{ROWS}Fox,2012-10-05,2012-10-01,900,LV,46\n")
    land_facts(campaign, settings, NOW)
    collected = import_files_once(campaign, settings, NOW)
    assert collected.set_aside["polls"] == 1
    assert collected.aside == {("polls", "the poll ends before it begins"): (1, "a.csv, line 10")}
    assert [reject["reason"] for reject in read_landed(settings.home, "rejects")] == ["the poll ends before it begins"]


def test_a_file_that_cannot_be_read_is_the_source_s_failure_and_the_others_are_imported(tmp_path: Path) -> None:
    campaign, settings = a_campaign(tmp_path), Settings(home=tmp_path / "home")
    (tmp_path / "polls" / "a.csv").write_text(HEADER + "Gallup,2012-09-22,2012-09-24,1000,LV,0.44\n")
    (tmp_path / "polls" / "b.csv").write_text(HEADER + ROWS)
    land_facts(campaign, settings, NOW)
    collected = import_files_once(campaign, settings, NOW)
    assert 'unit = "share"' in collected.failed["polls"]
    assert collected.landed["polls"] == 8


def test_a_source_declared_otherwise_is_read_again(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    campaign = a_campaign(tmp_path)
    (tmp_path / "polls" / "a.csv").write_text(HEADER + ROWS)
    import_files_once(campaign, settings, NOW)
    local = a_campaign(tmp_path, TOML + 'territory = "US-OH"\n')
    land_facts(local, settings, LATER)
    import_files_once(local, settings, LATER)
    # Polls of a state say nothing of the whole country.
    assert built_rows(settings, LATER) == []
