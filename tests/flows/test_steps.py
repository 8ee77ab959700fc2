"""A step, a source or a file that breaks off costs nothing of the others."""

import gzip
import lzma
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.collected import Collected, Tell, say_nothing
from flows.imports.files import import_files_once
from flows.settings import Settings
from flows.steps import take_step
from tests.flows.commands.commands import afterdebate
from warehouse.landing.files import landed_files, read_landed
from warehouse.publish.reading import query_published

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


GOOD = (
    b"",
    b"id,amount,date\n1,2.00,2022-04-02\n",
    b'{"data": [{"id": 1, "amount": 200, "date": "2022-04-02T10:00:00Z"}]}',
    b"observed_at,total\n2022-04-02T10:00,5\n",
    POST.encode(),
)
SOURCES = """[[donations]]
id = "{0}"
format = "{0}"
path = "junk*"
candidate = "a"
precision = "{1}"
timezone = "Europe/Paris"
"""
FORMATS = {"generic": "instant", "actblue": "instant", "helloasso": "instant", "fec-schedule-a": "day",
           "totals": "interval", "cumulative": "interval"}  # fmt: skip
JUNK = (b"[" * 200_000, b'{"a":' * 100_000, b"\x00", b"\xff\xfe", b"9" * 6_000)
PIECES = st.binary(max_size=30) | st.sampled_from(JUNK)


@given(st.sampled_from(GOOD), PIECES, st.integers(0, 60), st.sampled_from([bytes, gzip.compress, lzma.compress]))
@settings(max_examples=30, deadline=None)
@example(b"", b"not packed", 0, bytes)
@example(b"", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff", 0, bytes)
@example(b"", b"\xff\xfe\x00", 0, bytes)
def test_no_file_stops_the_import_of_the_others(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, piece: bytes, place: int, pack: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path_factory.mktemp("c")
    sources = "".join(SOURCES.format(*each) for each in FORMATS.items())
    archives = "".join(f'[[archives]]\nid = "{each}"\npath = "junk*"\nformat = "{each}"\n' for each in ("x-v1", "x-v2"))
    (folder / "campaign.toml").write_text(HEAD + sources + ARCHIVES + archives)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    (folder / "posts-1.jsonl").write_text(POST)
    for name in ("junk", "junk.xz", "junk.gz", "junk.bz2"):
        (folder / name).write_bytes(pack(good[:place] + piece + good[place:]))
    collected = import_files_once(read_campaign(folder), settings_of(folder), NOON)
    assert collected.told_anew["posts"] == 1
    assert not any("Mend: report it" in reason for reason in collected.failed.values()), collected.failed


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
    assert [row["text"] for row in read_landed(home, "posts")] == ["≈ anne a"]
