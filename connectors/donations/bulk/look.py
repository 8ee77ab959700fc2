"""A first look at a bulk file: its hash, its header, its lines, and whether it can be read at full speed."""

import codecs
import hashlib
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from connectors.donations.cells.tables import column_name, delimiter_of, parse_line
from connectors.packed_files import GZIP, gunzip_pieces, most_unpacked

_CHUNK = 4 << 20
_LINES_LOOKED_AT = 2


class Look(NamedTuple):
    """What one pass over a file shows."""

    sha256: str
    header: list[str]  # the first line's cells, as names
    delimiter: str
    width: int  # cells of a whole line: some exports end every line but the header with one delimiter more
    lines: int
    is_plain: bool  # UTF-8 without a mark, lines that end in LF, the last one too, nothing cut


def look_at(path: Path) -> Look:
    """Read the file once, in pieces: it may be larger than memory.

    Raises:
        SourceUnreadable: it unpacks to more than it may.
        OSError: it cannot be opened.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, last, first, is_plain = 0, b"", b"", True
    try:
        for piece in _inflated(path):
            lines += piece.count(b"\n")
            last = piece[-1:] or last
            if first.count(b"\n") < _LINES_LOOKED_AT:
                first += piece[: 1 << 16]
            decoder.decode(piece)
            is_plain = is_plain and b"\0" not in piece
        decoder.decode(b"", final=True)
    except (UnicodeDecodeError, zlib.error, EOFError):
        is_plain = False
    line, below = (part.decode("utf-8", errors="replace").rstrip("\r") for part in [*first.split(b"\n"), b""][:2])
    delimiter = delimiter_of(line)
    is_plain = is_plain and last == b"\n" and "\r" not in line and not line.startswith("\ufeff") and bool(line.strip())
    header = [column_name(cell) for cell in parse_line(line, delimiter)]
    extra = parse_line(below, delimiter)[len(header) :]
    width = len(header) + (0 if any(extra) else len(extra))
    return Look(_hash_of(path), header, delimiter, width, lines, is_plain and not line.lower().startswith("sep="))


def _inflated(path: Path) -> Iterator[bytes]:
    """Yield the file's bytes, unpacked if they are gzip; several gzip streams may follow each other.

    Raises:
        EOFError: the last gzip stream is cut.
    """
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        chunks = chain([chunk], iter(lambda: file.read(_CHUNK), b""))
        yield from chunks if chunk[:2] != GZIP else gunzip_pieces(chunks, most_unpacked(path.stat().st_size))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
