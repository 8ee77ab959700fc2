"""Files that may be packed, opened within bounds: three megabytes of gzip can hold three gigabytes of nothing.

What a file may unpack to is bounded by its own size and by a size of its own, as the documents of feeds are.
"""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from connectors.errors import SourceUnreadable

MOST_RATIO = 200  # rows of text unpack to 5 to 50 times their size
MOST_BYTES = 1 << 33  # of a file that is read piece by piece
MOST_BYTES_IN_MEMORY = 1 << 30  # of one that is read whole
_FREE_BYTES = 1 << 24  # below it no ratio is asked: a short file of blanks packs well, too
_PIECE = 1 << 20
_OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}  # by their first two bytes
GZIP = b"\x1f\x8b"
BROKEN = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile)  # what unpacking raises on a file that was cut


def most_unpacked(packed_bytes: int, most_bytes: int = MOST_BYTES) -> int:
    """How many bytes a packed file of this size may unpack to."""
    return min(most_bytes, max(_FREE_BYTES, packed_bytes * MOST_RATIO))


def too_large(most_bytes: int) -> SourceUnreadable:
    """What is said of a file that unpacks to more."""
    return SourceUnreadable(
        f"unpacks to more than {most_bytes:,} bytes, which is more than rows of text do. "
        "Mend: look at what it is; if it is sound, unpack it by hand"
    )


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a file, as far as its bound."""

    def __init__(self, unpacked: Any, most_bytes: int) -> None:
        self._unpacked, self._most_bytes, self._left = unpacked, most_bytes, most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._unpacked.read1(min(len(buffer), _PIECE))
        self._left -= len(piece)
        if self._left < 0:
            raise too_large(self._most_bytes)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._unpacked.close()
        super().close()


def open_unpacked(path: Path) -> io.BufferedReader:
    """The file's bytes, unpacked where it begins as gzip, bzip2 or xz does.

    Reading it raises:
        SourceUnreadable: it unpacks to more than it may.
    """
    with path.open("rb") as file:
        opener = _OPENERS.get(file.read(2))
    if opener is None:
        return path.open("rb")
    return io.BufferedReader(_Bounded(opener(path, "rb"), most_unpacked(path.stat().st_size)), _PIECE)


def check_unpacked(path: Path) -> None:
    """Nothing, where the file unpacks to what it may; for readers that unpack by themselves.

    Raises:
        SourceUnreadable: it does not.
    """
    with path.open("rb") as begin:
        if begin.read(2) not in _OPENERS:
            return
    with open_unpacked(path) as file, suppress(*BROKEN):  # one that was cut is told of by its reader
        while file.read(_PIECE):
            pass


def read_whole(path: Path) -> bytes:
    """The file's bytes as they lie there.

    Raises:
        SourceUnreadable: they are more than can be read whole.
    """
    if path.stat().st_size > MOST_BYTES_IN_MEMORY:
        raise SourceUnreadable(
            f"larger than {MOST_BYTES_IN_MEMORY:,} bytes, and it must be read whole. Mend: split it by its lines"
        )
    return path.read_bytes()


def first_bytes(path: Path, count: int) -> bytes:
    """So many of the file's unpacked bytes, or fewer where it ends or is cut before."""
    found = b""
    with open_unpacked(path) as file, suppress(*BROKEN):
        while len(found) < count and (piece := file.read1(min(count - len(found), _PIECE))):
            found += piece
    return found


def gunzip_pieces(packed: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    """Yield what the gzip streams, one behind the other, unpack to, a bounded piece at a time.

    Raises:
        SourceUnreadable: they unpack to more than `most_bytes`.
        EOFError: the last stream is cut.
        zlib.error: a stream is broken.
    """
    unpacker, size = zlib.decompressobj(wbits=31), 0
    for chunk in packed:
        rest = chunk
        while rest:
            if unpacker.eof:
                rest = rest.lstrip(b"\0")  # some programs fill up to a block
                if not rest:
                    break
                unpacker = zlib.decompressobj(wbits=31)
            piece = unpacker.decompress(rest, _PIECE)
            size += len(piece)
            if size > most_bytes:
                raise too_large(most_bytes)
            yield piece
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise EOFError
