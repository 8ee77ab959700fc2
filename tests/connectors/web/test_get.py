"""A GET against servers that mean no good, on loopback."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connectors.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from connectors.web.get import Limits, get, open_session

LIMITS = Limits(document_bytes=100_000, total_s=1.0, connect_s=1.0, silence_s=0.5)


@asynccontextmanager
async def no_queue(_host: str, _is_conditional: bool) -> AsyncIterator[None]:
    yield


def fetch(answer: bytes, *, endless: bytes = b"", is_stuck: bool = False) -> bytes:
    """The document that a server's raw answer amounts to; `endless` bytes follow for ever, or nothing for long."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            writer.write(answer)
            while endless:
                writer.write(endless)
                await writer.drain()
            await writer.drain()
            if is_stuck:
                await reader.read()  # until the other side gives up
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def run() -> bytes:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        async with server, open_session(user_agent="test", limits=LIMITS, allow_private=True) as session:
            got = await get(session, url, validators={}, turn=no_queue, limits=LIMITS, allow_private=True)
            return got.document.read()

    return asyncio.run(run())


def ok(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (b"<rss/>", "identity"),
        (gzip.compress(b"<rss/>"), "gzip"),
        (zlib.compress(b"<rss/>"), "deflate"),
        (zlib.compress(b"<rss/>")[2:-4], "deflate"),
        (gzip.compress(b"<rss") + gzip.compress(b"/>"), "gzip"),  # in two members
        (gzip.compress(b"<rss/>") + bytes(8), "gzip"),  # padded
        (gzip.compress(b"<rss/>"), ""),  # feed.xml.gz as it lies on the disk
    ],
)
def test_a_document_is_unpacked(packed: bytes, encoding: str) -> None:
    assert fetch(ok(packed, f"Content-Encoding: {encoding}")) == b"<rss/>"


def test_a_gzip_bomb_does_not_go_off() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < LIMITS.document_bytes
    with pytest.raises(SourceUnreadable, match="once inflated"):
        fetch(ok(bomb, "Content-Encoding: gzip"))


def test_a_body_without_end_is_given_up() -> None:
    with pytest.raises(SourceUnreadable, match="larger than 100,000 bytes"):
        fetch(b"HTTP/1.1 200 OK\r\n\r\n", endless=b"x" * 10_000)


def test_a_drip_is_given_up_in_time() -> None:
    with pytest.raises(SourceUnavailable, match="in time"):
        fetch(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss", is_stuck=True)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        ok(gzip.compress(b"<rss/>" * 100)[:-20], "Content-Encoding: gzip"),
    ],
)
def test_half_an_answer_may_be_whole_another_time(answer: bytes) -> None:
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1"):
        fetch(answer)


def test_a_reason_does_not_quote_what_a_server_sent_in_place_of_an_answer() -> None:
    with pytest.raises(SourceUnavailable, match=r"Bad status line$"):
        fetch(b"<rss><title>no head</title></rss>\r\n\r\n")


@pytest.mark.parametrize("packed", [b"\x1f\x8bnot gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 50])
def test_what_cannot_be_unpacked_is_unreadable(packed: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="cannot be unpacked"):
        fetch(ok(packed, "Content-Encoding: gzip"))


def test_a_packing_that_was_not_asked_for_is_unreadable() -> None:
    with pytest.raises(SourceUnreadable, match="'br'"):
        fetch(ok(b"x", "Content-Encoding: br"))


def redirect(to: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def test_a_redirect_that_goes_round_is_left() -> None:
    with pytest.raises(SourceRefused, match="more than 5 redirects"):
        fetch(redirect("/feed"))


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://host.example/feed", "gopher://host.example/", "data:text/xml,<rss/>", "javascript:1",
     "http://[::1", "http://127.1/", "http://2130706433/", "http://blog.example:99999/"],
)  # fmt: skip
def test_a_redirect_to_what_is_no_public_web_address_is_refused(target: str) -> None:
    with pytest.raises(SourceRefused, match="address"):
        fetch(redirect(target))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "192.168.0.1"])
def test_a_private_address_is_refused_before_it_is_asked(host: str) -> None:
    async def run() -> None:
        async with open_session(user_agent="test", limits=LIMITS, allow_private=False) as session:
            await get(
                session, f"http://{host}:1/feed", validators={}, turn=no_queue, limits=LIMITS, allow_private=False
            )

    with pytest.raises(SourceRefused, match="not a public address"):
        asyncio.run(run())


def test_a_name_of_a_private_address_is_refused_after_dns() -> None:
    async def run() -> None:
        async with open_session(user_agent="test", limits=LIMITS, allow_private=False) as session:
            await get(session, "http://localhost:1/", validators={}, turn=no_queue, limits=LIMITS, allow_private=False)

    with pytest.raises(SourceRefused, match="not public"):
        asyncio.run(run())


def test_a_redirect_whose_body_comes_late_opens_no_second_connection() -> None:
    answers = [[b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 5\r\n\r\n", b"moved"], [ok(b"<rss/>")]]
    opened = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while answers and not reader.at_eof():
            await reader.readuntil(b"\r\n\r\n")
            for piece in answers.pop(0):
                writer.write(piece)
                for _ in range(20):  # the client has read what came before the rest is sent
                    await asyncio.sleep(0)
        writer.close()

    async def run() -> bytes:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/old"
        async with server, open_session(user_agent="test", limits=LIMITS, allow_private=True) as session:
            got = await get(session, url, validators={}, turn=no_queue, limits=LIMITS, allow_private=True)
            return got.document.read()

    assert (asyncio.run(run()), opened) == (b"<rss/>", 1)
