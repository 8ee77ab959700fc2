"""Landing: records become immutable Parquet files, named by what is in them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pyarrow.parquet as pq
import pytest

from warehouse.landing.files import land, landed_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    TABLE: ClassVar = "sightings"

    who: str
    seen_at: datetime
    note: str | None = None


NOON = datetime(2020, 9, 29, 12, tzinfo=UTC)


def test_a_record_comes_back_as_it_was_landed(tmp_path: Path) -> None:
    [path] = land(tmp_path, [Sighting(who="biden", seen_at=NOON)])
    assert pq.read_table(path).to_pylist() == [{"who": "biden", "seen_at": NOON, "note": None}]


def test_the_same_batch_landed_twice_is_one_file(tmp_path: Path) -> None:
    batch = [Sighting(who="biden", seen_at=NOON)]
    assert land(tmp_path, batch) == land(tmp_path, batch)
    assert len(landed_files(tmp_path)) == 1


def test_a_half_written_file_is_not_landed(tmp_path: Path) -> None:
    land(tmp_path, [Sighting(who="biden", seen_at=NOON)])
    (tmp_path / "landing" / "sightings" / ".half.parquet.123").write_bytes(b"PAR1")
    assert len(landed_files(tmp_path)) == 1


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        land(tmp_path, [Sighting(who="biden", seen_at=NOON.replace(tzinfo=None))])
