"""Packed files within bounds: what unpacks to far more than it is is refused before it fills the memory."""

import bz2
import gzip
import lzma
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.donations.bulk.look import look_at
from connectors.donations.cells.tables import inflate
from connectors.errors import SourceUnreadable
from connectors.packed_files import check_unpacked, first_bytes, open_unpacked

NOTHING = b"0" * 60_000_000
ROWS = b"donation_id,amount\n" + b"".join(b"T%d,%d.00\n" % (n, n * 7919 % 1000) for n in range(60_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {name: pack(NOTHING) for name, pack in PACKERS.items()}


@pytest.mark.parametrize("packer", PACKERS)
def test_a_bomb_is_refused_before_it_fills_the_memory(packer: str, bombs: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / f"a.{packer}"
    path.write_bytes(bombs[packer])
    tracemalloc.start()
    with pytest.raises(SourceUnreadable, match="unpacks to more than 16,777,216 bytes"):
        check_unpacked(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_bomb_in_a_donation_file_is_refused_at_the_first_look_and_by_the_reader(
    bombs: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(bombs["gz"])
    for read in (lambda: look_at(path), lambda: inflate(bombs["gz"])):
        with pytest.raises(SourceUnreadable, match="unpacks to more than"):
            read()


def test_a_bomb_of_many_streams_is_one_bomb(tmp_path: Path) -> None:
    stream = gzip.compress(NOTHING[:6_000_000])
    (tmp_path / "a.gz").write_bytes(stream * 20)
    for read in (lambda: check_unpacked(tmp_path / "a.gz"), lambda: inflate(stream * 20)):
        with pytest.raises(SourceUnreadable):
            read()


@pytest.mark.parametrize("packer", PACKERS)
def test_a_sound_file_is_unpacked_whole(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "rows"  # its bytes tell how it is packed, not its name
    path.write_bytes(PACKERS[packer](ROWS))
    check_unpacked(path)
    with open_unpacked(path) as file:
        assert file.read() == ROWS
    assert first_bytes(path, 30) == ROWS[:30]


def test_gzip_of_rows_alike_is_no_bomb_while_it_is_short() -> None:
    assert inflate(gzip.compress(b"same\n" * 1_000_000)) == (b"same\n" * 1_000_000, False)


def test_streams_one_behind_the_other_and_filled_up_with_zeros_are_read(tmp_path: Path) -> None:
    packed = gzip.compress(ROWS[:1000]) + b"\0" * 500 + gzip.compress(ROWS[1000:]) + b"\0" * 500
    assert inflate(packed) == (ROWS, False)
    (tmp_path / "a.gz").write_bytes(packed)
    assert look_at(tmp_path / "a.gz").lines == 60_001


def test_of_a_stream_that_was_cut_the_beginning_is_had(tmp_path: Path) -> None:
    packed = gzip.compress(ROWS)
    found, is_cut = inflate(packed[: len(packed) // 2])
    assert is_cut
    assert ROWS.startswith(found)
    (tmp_path / "a.gz").write_bytes(packed[: len(packed) // 2])
    assert first_bytes(tmp_path / "a.gz", 100) == ROWS[:100]
