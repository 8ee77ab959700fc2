"""What an import tells that was told before, counted without the warehouse."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.records import Donation
from warehouse.landing.files import land
from warehouse.landing.repeats import Season, Told, count_told

FIRST = datetime(2020, 11, 4, 12, tzinfo=UTC)
THEN = FIRST + timedelta(hours=1)
SEASON = Season(date(2020, 9, 29), date(2020, 9, 30), ZoneInfo("America/New_York"))


def gift(
    donation_id: str, *, file: str, known_at: datetime, amount: str = "25.00", source_id: str = "gifts", day: int = 29
) -> Donation:
    return Donation(
        campaign_id="us",
        source_id=source_id,
        file_sha256=file,
        line_number=2,
        donation_id=donation_id,
        candidate_id="biden",
        occurred_at=None,
        occurred_on=date(2020, 9, day),
        precision="day",
        amount=Decimal(amount),
        currency="USD",
        gift_kind="one_off",
        is_memo=False,
        refunded_at=None,
        channel=None,
        scope=None,
        territory=None,
        donor_key=None,
        flags=(),
        version=0,
        known_at=known_at,
    )


def counted(home: Path, *standing: tuple[str, datetime]) -> int:
    return told(home, *standing).before


def told(home: Path, *standing: tuple[str, datetime]) -> Told:
    return count_told(home, "donations", ("us", "gifts"), standing, THEN, season=SEASON)


def test_a_row_told_by_an_earlier_file_is_a_repeat(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=FIRST), gift("d2", file="a", known_at=FIRST)])
    land(tmp_path, [gift("d2", file="b", known_at=THEN), gift("d3", file="b", known_at=THEN)])
    assert counted(tmp_path, ("a", FIRST), ("b", THEN)) == 1


def test_what_a_file_told_that_was_taken_back_is_news_again(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=FIRST)])
    land(tmp_path, [gift("d1", file="b", known_at=THEN)])
    assert counted(tmp_path, ("b", THEN)) == 0


def test_a_corrected_row_is_news(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=FIRST)])
    land(tmp_path, [gift("d1", file="b", known_at=THEN, amount="30.00")])
    assert counted(tmp_path, ("a", FIRST), ("b", THEN)) == 0


def test_rows_that_files_of_one_import_share_are_repeats(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=THEN), gift("d1", file="b", known_at=THEN)])
    assert counted(tmp_path, ("a", THEN), ("b", THEN)) == 1


def test_another_source_tells_its_own(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=FIRST, source_id="other")])
    land(tmp_path, [gift("d1", file="b", known_at=THEN)])
    assert counted(tmp_path, ("a", FIRST), ("b", THEN)) == 0


def test_a_home_without_gifts_has_no_repeats(tmp_path: Path) -> None:
    assert counted(tmp_path, ("a", FIRST)) == 0


def test_news_outside_the_season_is_counted_and_what_was_told_before_is_not(tmp_path: Path) -> None:
    land(tmp_path, [gift("d1", file="a", known_at=FIRST, day=28)])
    land(tmp_path, [gift(f"d{day}", file="b", known_at=THEN, day=day) for day in (26, 27, 28, 29, 30)])
    land(tmp_path, [gift("d1", file="b", known_at=THEN, day=28)])
    assert told(tmp_path, ("a", FIRST), ("b", THEN)) == Told(before=1, outside=3)
