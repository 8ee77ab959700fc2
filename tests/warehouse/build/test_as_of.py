"""What a build as of an instant tells: what had landed by then, the same each time, and nothing of it in the home."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors import records
from tests.warehouse.homes import NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from tests.warehouse.published import published, whole_parquet, whole_publication
from warehouse.build.as_of import TargetInUse, build_as_of, hash_of_tables
from warehouse.build.run import Built, build
from warehouse.landing.erasing import rewrite_rows
from warehouse.landing.files import Record, landed_files
from warehouse.landing.known_by import FACTS, KNOWN_AT, NothingKnown

THEN = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=1)
MENTIONS = "SELECT sum(mentions) FROM metrics.buzz_by_interval WHERE interval_minutes = 60"


def as_of(home: Path, instant: datetime, into: Path) -> Built:
    return build_as_of(home, instant, into, "test", lambda _text: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A day of readings and one entry are known at NOW; then more of each, and another name of the candidate."""
    home = tmp_path / "home"
    land_campaign(home)
    land_ticker(home, "first.csv", steady_totals(range(24)))
    land_poll(home, START_AT + timedelta(hours=1), START_AT, {"Ada speaks": START_AT + timedelta(minutes=30)})
    return home


def land_later(home: Path) -> None:
    land_campaign(home, campaign_hash="c2", aliases=("Ada", "Countess"), landed_at=LATER, title="Renamed")
    land_ticker(home, "second.csv", steady_totals(range(24, 48), an_hour=90), known_at=LATER)
    land_poll(home, LATER, START_AT, {"Countess speaks": START_AT + timedelta(minutes=40)})


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "published").iterdir())}


def test_the_tables_are_those_that_were_published_at_that_instant(home: Path, tmp_path: Path) -> None:
    build(home, THEN, "test", lambda _text: None)
    told_then, in_files_then = whole_publication(home), whole_parquet(home)
    land_later(home)
    build(home, LATER, "test", lambda _text: None)
    assert whole_publication(home) != told_then
    as_of(home, THEN, tmp_path / "then")
    assert whole_publication(tmp_path / "then") == told_then
    assert whole_parquet(tmp_path / "then") == in_files_then


def test_the_same_instant_gives_the_same_bytes_whatever_landed_since(home: Path, tmp_path: Path) -> None:
    as_of(home, THEN, tmp_path / "one")
    land_later(home)
    as_of(home, THEN, tmp_path / "two")
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    # DuckDB numbers each database at random: that one file is the same row for row.
    assert {name for name in one if one[name] != two[name]} <= {"afterdebate.duckdb"}
    assert "manifest.json" in one
    assert len(one) > 15
    assert whole_publication(tmp_path / "one") == whole_publication(tmp_path / "two")
    assert hash_of_tables(tmp_path / "one") == hash_of_tables(tmp_path / "two")


def test_another_instant_has_another_hash(home: Path, tmp_path: Path) -> None:
    land_later(home)
    as_of(home, THEN, tmp_path / "one")
    as_of(home, LATER, tmp_path / "two")
    assert hash_of_tables(tmp_path / "one") != hash_of_tables(tmp_path / "two")


def test_a_row_that_landed_at_the_instant_itself_was_known(home: Path, tmp_path: Path) -> None:
    land_later(home)
    as_of(home, LATER - timedelta(microseconds=1), tmp_path / "before")
    as_of(home, LATER, tmp_path / "at")
    assert published(tmp_path / "before", "SELECT title FROM facts.campaigns") == [("Tiny",)]
    assert published(tmp_path / "at", "SELECT title FROM facts.campaigns") == [("Renamed",)]
    assert published(tmp_path / "before", MENTIONS) == [(1,)]
    assert published(tmp_path / "at", MENTIONS) == [(2,)]


def test_an_erasure_made_since_holds_for_what_was_known_before(home: Path, tmp_path: Path) -> None:
    as_of(home, THEN, tmp_path / "before")
    rewrite_rows(home, "entries", {"feed_url": ["https://blog.example/feed"]}, lambda _rows: [])
    as_of(home, THEN, tmp_path / "after")
    assert published(tmp_path / "before", MENTIONS) == [(1,)]
    assert published(tmp_path / "after", MENTIONS) == [(0,)]


def test_the_list_of_runs_says_as_of_when(home: Path, tmp_path: Path) -> None:
    build(home, NOW, "test", lambda _text: None)
    built = as_of(home, THEN, tmp_path / "then")
    told = published(tmp_path / "then", "SELECT run_id, built_at, as_of, seconds FROM metrics.runs")
    assert told == [(built.run_id, THEN, THEN, 0.0)]
    assert str(built.run_id).startswith("as-of-20201005T010000Z-")
    assert published(home, "SELECT as_of FROM metrics.runs") == [(None,)]


def test_the_home_stays_as_it_is_and_the_target_holds_no_row_of_a_person(home: Path, tmp_path: Path) -> None:
    build(home, NOW, "test", lambda _text: None)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*")}
    as_of(home, THEN, tmp_path / "then")
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*")} == before
    assert [path.name for path in (tmp_path / "then").iterdir()] == ["published"]


def test_an_instant_before_the_first_landing_is_refused_and_nothing_is_made(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingKnown, match="2020-10-05T00:00:00Z or later"):
        as_of(home, NOW - timedelta(seconds=1), tmp_path / "then")
    assert not (tmp_path / "then").exists()


def test_a_folder_in_use_is_left_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(TargetInUse, match="not empty"):
        as_of(home, THEN, tmp_path / "mine")
    with pytest.raises(TargetInUse, match="in the home"):
        as_of(home, THEN, home / "published" / "then")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_what_a_crash_left_in_the_folder_is_made_away_with(home: Path, tmp_path: Path) -> None:
    (tmp_path / "then" / ".building").mkdir(parents=True)
    (tmp_path / "then" / ".building" / "warehouse.duckdb").write_bytes(b"half a database")
    as_of(home, THEN, tmp_path / "then")
    assert [path.name for path in (tmp_path / "then").iterdir()] == ["published"]


def test_a_file_that_broke_since_is_left_out_and_named(home: Path, tmp_path: Path) -> None:
    land_later(home)
    later = [path for path in landed_files(home, "entries") if b"Countess" in path.read_bytes()]
    later[0].write_bytes(later[0].read_bytes()[:-1] + b"?")
    built = as_of(home, LATER, tmp_path / "later")
    assert list(built.unreadable) == later
    assert published(tmp_path / "later", MENTIONS) == [(1,)]


@pytest.mark.parametrize("kind", [kind for kind in vars(records).values() if hasattr(kind, "TABLE")])
def test_every_record_says_since_when_it_is_known(kind: type[Record]) -> None:
    if kind.TABLE in FACTS:
        assert {"campaign_id", "campaign_hash"} <= kind.__dataclass_fields__.keys()
    else:
        assert kind.__dataclass_fields__[KNOWN_AT[kind.TABLE]].type is datetime
