"""Bodies of answers: taken piece by piece, unpacked within bounds, kept on disk where they are large."""

import hashlib
import io
import tempfile
import zlib
from collections.abc import AsyncIterator
from typing import IO

import aiohttp

from connectors.errors import SourceUnavailable, SourceUnreadable
from connectors.web.answers import NOT_MODIFIED

_NOTHING_SHA256 = hashlib.sha256().hexdigest()
_GZIP = b"\x1f\x8b"  # begins each of its members
_IN_MEMORY_BYTES = 128_000  # beyond it a document waits on disk, so that hundreds of downloads stay small


async def let_end(response: aiohttp.ClientResponse) -> None:
    """Take the rest of a short body: its connection then serves the next request, and no second one is opened."""
    size = 0
    async for piece in response.content.iter_chunked(_IN_MEMORY_BYTES):
        size += len(piece)
        if size > _IN_MEMORY_BYTES:
            break


async def read_body(response: aiohttp.ClientResponse, most_bytes: int) -> tuple[IO[bytes], str, int]:
    """The inflated document, its hash and its size."""
    if response.status == NOT_MODIFIED:
        return io.BytesIO(), _NOTHING_SHA256, 0
    document = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 — it outlives this function
    digest, size = hashlib.sha256(), 0
    async for piece in _inflated(response, most_bytes):
        size += len(piece)
        if size > most_bytes:
            raise SourceUnreadable(f"{response.url}: larger than {most_bytes:,} bytes once inflated")
        document.write(piece)
        digest.update(piece)
    document.seek(0)
    return document, digest.hexdigest(), size


async def _inflated(response: aiohttp.ClientResponse, most_bytes: int) -> AsyncIterator[bytes]:
    """The pieces of a body, unpacked a bounded piece at a time, so that a bomb does not go off in memory."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise SourceUnreadable(f"{response.url}: packed as {encoding[:40]!r}, which was not asked for")
    packed, inflater = 0, None
    async for piece in response.content.iter_chunked(65_536):
        if packed == 0 and (piece[:2] == _GZIP or encoding == "deflate"):
            # Some servers send feed.xml.gz as it lies on their disk; some call raw deflate "deflate".
            is_raw = encoding == "deflate" and piece[0] & 0x0F != zlib.DEFLATED
            inflater = zlib.decompressobj(-zlib.MAX_WBITS if is_raw else zlib.MAX_WBITS | 32)
        packed += len(piece)
        if packed > most_bytes:
            raise SourceUnreadable(f"{response.url}: larger than {most_bytes:,} bytes")
        if inflater is None:
            yield piece
            continue
        try:
            while piece and not (inflater.eof and piece[:1] != _GZIP[:1]):
                if inflater.eof:  # a gzip file may hold several members, each packed by itself
                    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
                yield inflater.decompress(piece, 65_536)
                piece = inflater.unconsumed_tail or inflater.unused_data  # noqa: PLW2901 — the rest of the same piece
        except zlib.error as error:
            raise SourceUnreadable(f"{response.url}: cannot be unpacked ({error})") from error
    if inflater is not None and not inflater.eof:
        raise SourceUnavailable(f"{response.url}: the packed answer was cut short")
