"""A landed file that cannot be read costs its own rows, says so in coverage, and comes back when it is mended."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors.records import DonationTotal, ImportedFile
from tests.warehouse.build.test_run import AMOUNTS, MENTIONS, build_quietly
from tests.warehouse.homes import CAMPAIGN, NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from tests.warehouse.published import published, whole_publication
from warehouse.build.loading import load_landed
from warehouse.landing.files import land, landed_files, read_landed_file
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.store import open_store

HOUR = timedelta(hours=1)
COVERAGE = """SELECT interval_start_at, coverage FROM metrics.coverage
    WHERE source_id = 'blog' AND interval_minutes = 60 ORDER BY ALL"""
FIRST, SECOND = ({f"Ada speaks {n}": START_AT + n * 2 * HOUR + timedelta(minutes=n + 10)} for n in range(2))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two polls of a feed, each with an entry that names the candidate, and a ticker."""
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    land_poll(tmp_path, START_AT + 2 * HOUR, START_AT, FIRST)
    land_poll(tmp_path, START_AT + 4 * HOUR, START_AT + 2 * HOUR, SECOND)
    return tmp_path


def file_with(home: Path, table: str, text: str) -> Path:
    """The landed file of a table that holds a row with this text in it."""
    [found] = [p for p in landed_files(home, table) if any(text in str(row) for row in read_landed_file(p))]
    return found


def torn_inside(content: bytes) -> bytes:
    """The file with its first pages overwritten: its end, which says what is in it, stays whole."""
    return content[:4] + b"\xff" * 200 + content[204:]


def hours(rows: list[Any]) -> list[Any]:
    return [told for _, told in rows[:4]]


def test_all_is_well_before(home: Path) -> None:
    build_quietly(home)
    assert hours(published(home, COVERAGE)) == [1, 1, 1, 1]
    assert hours(published(home, MENTIONS)) == [1, 0, 1, 0]


def test_a_corrupt_body_is_named_and_the_rest_is_built(home: Path) -> None:
    broken = file_with(home, "entries", "Ada speaks 1")
    broken.write_bytes(torn_inside(broken.read_bytes()))
    built = build_quietly(home)
    assert built.unreadable == {broken: "its rows cannot be decoded"}
    assert len(published(home, AMOUNTS)) == 24
    assert hours(published(home, MENTIONS)) == [1, 0, 0, 0]


def test_the_time_in_which_lost_rows_were_collected_is_of_unknown_coverage(home: Path) -> None:
    broken = file_with(home, "entries", "Ada speaks 1")
    broken.write_bytes(torn_inside(broken.read_bytes()))
    build_quietly(home)
    assert hours(published(home, COVERAGE)) == [1, 1, None, None]


def test_of_a_file_without_its_end_nobody_knows_what_time_it_spoke_of(home: Path) -> None:
    broken = file_with(home, "entries", "Ada speaks 1")
    broken.write_bytes(broken.read_bytes()[:-20])
    assert build_quietly(home).unreadable == {broken: "no whole Parquet file (ArrowInvalid)"}
    assert hours(published(home, COVERAGE)) == [None, None, None, None]


def test_a_home_that_is_named_from_where_one_stands_is_read_as_well(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [entries, *_] = landed_files(home, "entries")
    imported = entries.rename(entries.with_stem("of-a-bulk-import"))
    monkeypatch.chdir(home.parent)
    assert build_quietly(Path(home.name)).unreadable == {}
    imported.write_bytes(torn_inside(imported.read_bytes()))
    (home / "warehouse.duckdb").unlink()
    assert build_quietly(Path(home.name)).unreadable == {
        imported.relative_to(home.parent): "its rows cannot be decoded"
    }


@pytest.mark.parametrize("cut", [torn_inside, lambda content: content[:-20]], ids=["body", "end"])
def test_a_file_that_is_mended_is_loaded_and_leaves_no_trace(home: Path, tmp_path_factory: Any, cut: Any) -> None:
    broken = file_with(home, "entries", "Ada speaks 1")
    whole = broken.read_bytes()
    broken.write_bytes(cut(whole))
    build_quietly(home)
    broken.write_bytes(whole)
    assert build_quietly(home).unreadable == {}
    fresh = tmp_path_factory.mktemp("fresh")
    for path in landed_files(home):
        (fresh / path.relative_to(home)).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path.relative_to(home)).write_bytes(path.read_bytes())
    build_quietly(fresh)
    assert whole_publication(home) == whole_publication(fresh)


def test_a_file_that_stays_unreadable_is_told_again_and_nothing_is_built_anew(home: Path) -> None:
    broken = file_with(home, "entries", "Ada speaks 1")
    broken.write_bytes(torn_inside(broken.read_bytes()))
    first = build_quietly(home)
    again = build_quietly(home)
    assert again.run_id is None
    assert again.unreadable == first.unreadable


def test_a_file_of_totals_that_is_lost_leaves_the_days_it_was_declared_for_unknown(home: Path) -> None:
    total = DonationTotal(
        campaign_id=CAMPAIGN,
        source_id="ticker",
        file_sha256="declared",
        line_number=2,
        candidate_id="ALL",
        interval_start_at=START_AT + 48 * HOUR,
        interval_minutes=60,
        amount=Decimal(5),
        gifts=1,
        currency="USD",
        known_at=NOW + HOUR,
    )
    declared = ImportedFile(
        campaign_id=CAMPAIGN,
        source_id="ticker",
        file_sha256="declared",
        file_name="declared.csv",
        imported_at=NOW + HOUR,
        rows_read=1,
        rows_landed=1,
        rows_set_aside=0,
        span_from_at=START_AT + 48 * HOUR,
        span_to_at=START_AT + 72 * HOUR,
        rows_from_at=START_AT + 48 * HOUR,
        rows_to_at=START_AT + 49 * HOUR,
    )
    [broken, _] = land(home, [total, declared])
    whole = broken.read_bytes()
    broken.write_bytes(torn_inside(whole))
    asked = f"{COVERAGE.replace('blog', 'ticker')} LIMIT 4 OFFSET 48"
    build_quietly(home)
    assert hours(published(home, asked)) == [None] * 4
    broken.write_bytes(whole)
    build_quietly(home)
    assert hours(published(home, asked)) == [1] * 4


def test_a_folder_that_is_no_table_stops_no_build(home: Path) -> None:
    stray = home / "landing" / "strays" / "stray.parquet"
    stray.parent.mkdir()
    stray.write_bytes(landed_files(home, "entries")[0].read_bytes())
    assert build_quietly(home).unreadable == {stray: "this version has no table of this name"}
    assert len(published(home, AMOUNTS)) == 24


def test_a_file_of_another_table_is_set_aside(home: Path) -> None:
    stray = home / "landing" / "posts" / "stray.parquet"
    stray.parent.mkdir()
    stray.write_bytes(landed_files(home, "entries")[0].read_bytes())
    assert build_quietly(home).unreadable == {stray: "it has no column post_id"}


@given(place=st.integers(0, 10_000), junk=st.binary(min_size=1, max_size=40), is_cut=st.booleans())
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
def test_no_bytes_in_a_landed_file_stop_a_build(
    tmp_path_factory: pytest.TempPathFactory, place: int, junk: bytes, is_cut: bool
) -> None:
    home = tmp_path_factory.mktemp("home")
    land_poll(home, START_AT + 2 * HOUR, START_AT, FIRST)
    [path] = landed_files(home, "entries")
    whole = path.read_bytes()
    place %= len(whole)
    path.write_bytes(whole[:place] + junk + (b"" if is_cut else whole[place + len(junk) :]))
    with open_store(home) as con:
        loaded = load_landed(con, home, NOW)
    assert [*loaded.broken, loaded.files] in ([path, 1], [2])
    try:
        read_landed_file(path)
    except LandedUnreadable as error:
        assert str(path) in str(error)
