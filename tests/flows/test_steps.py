"""A step, a source or a file that breaks off costs nothing of the others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.campaign import Campaign, read_campaign
from flows.collected import Collected, Tell, say_nothing
from flows.import_files import import_files_once
from flows.settings import Settings
from flows.steps import take_step
from tests.flows.commands import afterdebate
from warehouse.landing import landed_files, read_landed
from warehouse.reading import query_published

NOON = datetime(2022, 4, 20, 12, tzinfo=UTC)
HEAD = """id = "c"
title = "C"
timezone = "Europe/Paris"
currency = "EUR"
start = 2022-04-01
end = 2022-04-24
[[candidates]]
id = "a"
name = "Anne A"
"""
GIFTS = """[[donations]]
id = "{0}"
format = "helloasso"
path = "{0}*"
candidate = "a"
precision = "instant"
"""
TOTALS = """[[donations]]
id = "totals"
format = "totals"
path = "totals.csv"
candidate = "a"
precision = "interval"
timezone = "Europe/Paris"
"""
ARCHIVES = """[[archives]]
path = "posts-*"
format = "x-v2"
"""
POST = '{"id": "1", "author_id": "2", "created_at": "2022-04-02T10:00:00Z", "text": "Anne A"}\n'


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A campaign with a drop of JSON that is only brackets, beside one file of totals and one archive of a post."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "campaign.toml").write_text(HEAD + GIFTS.format("gifts") + TOTALS + ARCHIVES)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    (folder / "gifts.json").write_bytes(b"[" * 2_000_000)
    (folder / "totals.csv").write_text("interval_start_at,interval_minutes,amount\n2022-04-02T21:00+02:00,60,250.00\n")
    (folder / "posts-1.jsonl").write_bytes(b"\x1f\x8b" + b"[" * 2_000_000)
    (folder / "posts-2.jsonl").write_text(POST)
    return read_campaign(folder)


def settings_of(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


def test_two_million_brackets_are_one_files_failure(campaign: Campaign, tmp_path: Path) -> None:
    collected = import_files_once(campaign, settings_of(tmp_path), NOON)
    assert "nested deeper" in collected.failed["gifts"]
    assert collected.landed["donation_totals"] == 1
    assert collected.landed["posts"] == 1


def test_a_run_with_a_broken_drop_lands_and_builds_the_others_and_ends_with_1(
    campaign: Campaign, tmp_path: Path
) -> None:
    ran = afterdebate("run", campaign.folder, "--home", tmp_path / "home")
    assert ran.exit_code == 1
    assert "gifts failed" in ran.stderr
    assert "Traceback" not in ran.output
    asked = "SELECT sum(amount)::VARCHAR FROM donation_by_interval WHERE interval_minutes = 60"
    assert query_published(tmp_path / "home", asked).rows == [("250.00",)]


def broken_step(campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell) -> Collected:
    raise AttributeError("a cell of a giver's row")


def test_a_step_that_breaks_off_is_named_without_its_words_and_the_facts_land(
    campaign: Campaign, tmp_path: Path
) -> None:
    told: list[str] = []
    collected = take_step(broken_step, campaign, settings_of(tmp_path), NOON, title="feeds", tell=told.append)
    assert collected.landed["campaigns"] == 1
    assert "AttributeError" in collected.failed["feeds"]
    assert "in broken_step" in "".join(told)
    assert "giver" not in str(collected) + "".join(told)


def test_people_that_were_erased_stay_out_where_the_log_of_it_cannot_be_read(
    campaign: Campaign, tmp_path: Path
) -> None:
    log = tmp_path / "home" / "landing" / "erasures" / "torn.parquet"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"PAR1")
    collected = take_step(import_files_once, campaign, settings_of(tmp_path), NOON, title="imports", tell=say_nothing)
    assert f"{log} cannot be read" in collected.failed["imports"]
    assert landed_files(tmp_path / "home", "posts") == []


def test_a_landed_file_that_cannot_be_read_is_named_until_it_is_mended(campaign: Campaign, tmp_path: Path) -> None:
    home = tmp_path / "home"
    afterdebate("import", campaign.folder, "--home", home)
    [posts] = landed_files(home, "posts")
    whole = posts.read_bytes()
    posts.write_bytes(whole[:50] + b"\xff" * 100 + whole[150:])
    built = afterdebate("build", "--home", home)
    assert built.exit_code == 1
    assert f"{posts} was left out" in built.stderr
    assert "Mend:" in built.stderr
    assert posts.name in afterdebate("status", "--home", home).output
    posts.write_bytes(whole)
    assert afterdebate("build", "--home", home).exit_code == 0
    assert posts.name not in afterdebate("status", "--home", home).output


def test_retention_goes_on_with_the_files_that_can_be_read(campaign: Campaign, tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_files_once(campaign, settings_of(tmp_path), NOON - timedelta(days=3000))
    take_step(import_files_once, campaign, settings_of(tmp_path), NOON, title="imports", tell=say_nothing)
    (home / "landing" / "posts" / "torn.parquet").write_bytes(b"PAR1")
    assert afterdebate("build", "--home", home).exit_code == 1
    (home / "landing" / "posts" / "torn.parquet").unlink()
    assert [row["text"] for row in read_landed(home, "posts")] == ["≈ Anne A"]
