"""Sign-ups from the file to what readers open: counted, taken back, erased, and never with a name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import SecretStr

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.build import build_warehouse_once
from flows.imports.donations import import_donations_once, withdraw_file
from flows.imports.files import import_files_once
from flows.imports.look import look_at_files
from flows.keeping.backup import back_up
from flows.keeping.rebuild import rebuild_home
from flows.keeping.restore import restore
from flows.people.erase import Request, erase_donor
from flows.people.keys import keyed_hash
from flows.settings import Settings
from flows.steps import land_facts
from tests.doubles.home_search import found_in_home

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PEOPLE = ["Quillfeather", "zeb@quill.example", "555-0199"]
NAME, EMAIL, PHONE = PEOPLE
TOML = """
id = "race"
title = "A race"
timezone = "UTC"
currency = "EUR"
start = 2026-03-01
end = 2026-05-31
[[candidates]]
id = "ada"
name = "Ada Quill"
[[signups]]
id = "join"
path = "signups/*.csv"
candidate = "ada"
precision = "instant"
timezone = "UTC"
covers_from = 2026-03-01
covers_to = 2026-05-31
synthetic = true
"""
EVENTS = "event_id,event_kind,title,starts_at\nd1,debate,First debate,2026-05-10T20:00\n"
HEADER = "signup_id,signed_up_at,what,event_id,channel,scope,territory,candidate,person\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    folder = tmp_path / "race"
    (folder / "signups").mkdir(parents=True)
    (folder / "campaign.toml").write_text(TOML, encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    (folder / "signups" / "1.csv").write_text(HEADER + "".join(season()), encoding="utf-8")
    return read_campaign(folder)


def season() -> list[str]:
    """Four sign-ups to the list every six hours, thrice as many in the day after the debate; rows of a named person."""
    rows = []
    for hours in range(0, 92 * 24, 6):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
        many = 12 if timedelta(0) <= at - datetime(2026, 5, 10, 20, tzinfo=UTC) < timedelta(days=1) else 4
        rows += [
            f"n{hours}x{n},{at + timedelta(minutes=n):%Y-%m-%d %H:%M},list,,mail,,,,p{hours}-{n}\n"
            for n in range(many + hours % 18 // 6)
        ]
    own = [f"x1,2026-03-02 10:00,rsvp,d1,,,,,{NAME}\n", f"x2,2026-03-02 11:00,rsvp,{NAME},{EMAIL},,{PHONE},,{NAME}\n"]
    return [*rows, *own, f"{EMAIL},2026-03-02 12:00,member,,,,,,{EMAIL}\n", f"x4,{NAME},{PHONE},{EMAIL},,,,,\n"]


def built(campaign: Campaign, settings: Settings, now: datetime = NOW) -> None:
    land_facts(campaign, settings, now)
    import_files_once(campaign, settings, now)
    build_warehouse_once(settings.home, now)


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(settings.home / "published" / "afterdebate.duckdb", read_only=True) as con:
        return con.execute(query).fetchall()


DAY = """SELECT what, signups, new_people, coverage, flags FROM metrics.signup_by_interval
    WHERE interval_minutes = 1440 AND local_on = DATE '2026-03-02' ORDER BY what"""
EFFECT = """SELECT what, status, rr > 1.5, flags, n_events FROM metrics.debate_signup_effect
    WHERE event_id = 'd1' AND what = 'list' AND horizon_minutes = 1440"""


def test_signups_are_counted_and_an_event_is_set_beside_what_is_usual(campaign: Campaign, settings: Settings) -> None:
    built(campaign, settings)
    flags = ["left_censored", "synthetic"]
    assert asked(settings, DAY) == [
        ("list", 20, 20, 1.0, flags), ("member", 1, 1, 1.0, flags), ("rsvp", 2, 1, 1.0, flags),
    ]  # fmt: skip
    [(what, status, is_more, found, n)] = asked(settings, EFFECT)
    assert (what, status, is_more, n) == ("list", "ok", True, 1)
    assert "synthetic" in found
    silent = (
        "SELECT count(*) FROM metrics.signup_by_interval WHERE what = 'rsvp' AND interval_minutes = 60 AND signups = 0"
    )
    assert asked(settings, silent) == [(92 * 24 - 2,)]
    assert asked(
        settings,
        "SELECT DISTINCT expected > 0 FROM metrics.signup_by_interval WHERE what = 'list' "
        "AND local_on = DATE '2026-04-10'",
    ) == [(True,)]


def test_built_anew_from_what_landed_the_tables_are_the_same(campaign: Campaign, settings: Settings) -> None:
    built(campaign, settings)
    before = [asked(settings, query) for query in (DAY, EFFECT)]
    rebuild_home(settings.home, NOW)
    assert [asked(settings, query) for query in (DAY, EFFECT)] == before


def test_a_backup_holds_no_name_and_gives_the_sign_ups_back(
    campaign: Campaign, settings: Settings, tmp_path: Path
) -> None:
    built(campaign, settings)
    back_up(settings.home, tmp_path / "kept", NOW)
    assert found_in_home(tmp_path / "kept", PEOPLE) == []
    before = asked(settings, DAY)
    again = settings.model_copy(update={"home": tmp_path / "again"})
    restore(tmp_path / "kept", again, lambda: NOW)
    assert asked(again, DAY) == before


def test_check_tells_how_the_file_was_understood_and_names_nobody(campaign: Campaign) -> None:
    seen = look_at_files(campaign, NOW)
    [understood] = seen.understood
    assert "join: 1.csv understood as columns parted by commas" in understood
    assert "2026-03-01 00:00, list, ada" in understood
    assert [name for name in PEOPLE if name in " ".join([*seen.sentences, understood, *seen.failed.values()])] == []


def test_the_same_file_twice_counts_once_and_one_taken_back_counts_no_more(
    campaign: Campaign, settings: Settings
) -> None:
    built(campaign, settings)
    folder = campaign.folder / "signups"
    (folder / "2.csv").write_text(
        HEADER + "x1,2026-03-02 10:00,rsvp,d1,,,,,Somebody\nx9,2026-03-02 10:00,member,,,,,,\n"
    )
    collected = import_donations_once(campaign, settings, NOW + timedelta(hours=1))
    assert collected.duplicates["join"] > 1000  # the first file is known
    build_warehouse_once(settings.home, NOW + timedelta(hours=1))
    assert [row[:2] for row in asked(settings, DAY)] == [("list", 20), ("member", 2), ("rsvp", 2)]
    withdraw_file(campaign, settings, NOW + timedelta(hours=2), folder / "2.csv")
    build_warehouse_once(settings.home, NOW + timedelta(hours=2))
    assert [row[:3] for row in asked(settings, DAY)] == [("list", 20, 20), ("member", 1, 1), ("rsvp", 2, 1)]


def test_nobody_who_signed_up_is_named_anywhere_and_who_is_erased_is_gone(
    campaign: Campaign, settings: Settings, tmp_path: Path
) -> None:
    built(campaign, settings)
    assert found_in_home(settings.home, PEOPLE) == []
    keys = [keyed_hash(b"secret", "race")(one) for one in (NAME, EMAIL)]
    assert {key for key, _ in found_in_home(settings.home, keys)} == set(keys)
    for one in (NAME, EMAIL):
        assert erase_donor(settings, one, Request(asked_at=NOW, clock=lambda: NOW + timedelta(hours=4))).rows > 0
    assert found_in_home(settings.home, keys) == []
    with (campaign.folder / "signups" / "1.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    built(campaign, settings, NOW + timedelta(hours=5))
    assert found_in_home(settings.home, keys) == []
    assert [row[:2] for row in asked(settings, DAY)] == [("list", 20), ("member", 1), ("rsvp", 2)]
