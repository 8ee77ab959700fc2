"""Jetstream: the whole of Bluesky's posts as JSON over a websocket, from a cursor in microseconds on.

Source: the README of bluesky-social/jetstream: `wantedCollections`, `cursor`, events of kind commit, account, identity.
The server cannot filter words: what comes is read and, but for the roster's, let go.
"""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue
from threading import Event as Flag
from threading import Thread
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from connectors.bluesky.posts import POSTS, address_of
from connectors.errors import SourceError, SourceRefused, SourceUnavailable

HEARTBEAT_S = 20.0  # pings that are not answered end a connection that is dead
CONNECT_S = 15.0
REWIND = timedelta(seconds=5)  # before the cursor: what was heard last must come again, or something is missing
_MOST_HELD = 20_000  # messages read ahead; then the server waits
_FULL_S = 0.05
_MOST_BYTES = 2**21  # of one message
_GONE = ("deleted", "takendown", "suspended", "deactivated")


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of the stream: a post that was written or changed, or the address of a post or a DID that is gone."""

    at: datetime  # when the server heard of it: the stream's own clock
    what: Literal["post", "gone post", "gone account", "other"]
    did: str = ""
    address: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    is_edit: bool = False


def read_event(message: str | bytes) -> Heard:
    """One message as an event; touches neither network nor clock.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError: it is none.
    """
    told = json.loads(message)
    at, kind, did = instant_of(told["time_us"]), told.get("kind"), str(told["did"])
    if kind == "account":
        account = told["account"]
        is_gone = account.get("active") is False and account.get("status", "deleted") in _GONE
        return Heard(at, "gone account" if is_gone else "other", did)
    commit = told.get("commit") if kind == "commit" else None
    if commit is None or commit["collection"] != POSTS:
        return Heard(at, "other", did)
    address = address_of(did, str(commit["rkey"]))
    if commit["operation"] == "delete":
        return Heard(at, "gone post", did, address)
    if not isinstance(commit["record"], dict):
        raise TypeError("a record that is none")
    return Heard(at, "post", did, address, commit["record"], is_edit=commit["operation"] == "update")


def instant_of(time_us: int) -> datetime:
    """The instant of a cursor."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(time_us))


def cursor_of(instant: datetime) -> int:
    """The cursor of an instant."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


class Connection:
    """One connection to a Jetstream, read by a thread of its own; `refusal` says how it ended, None by our wish."""

    def __init__(self, url: str, cursor_at: datetime | None) -> None:
        told: list[tuple[str, object]] = [("wantedCollections", POSTS)]
        if cursor_at is not None:
            told.append(("cursor", cursor_of(cursor_at - REWIND)))
        self._url = f"{url}?{urlencode(told)}"
        self._messages: Queue[str | bytes] = Queue()
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._is_open = Flag()
        self._thread = Thread(target=lambda: asyncio.run(self._read()), daemon=True)
        self.refusal: SourceError | None = None

    def open(self) -> bool:
        """Begin to read; is the stream there?"""
        self._thread.start()
        while self._thread.is_alive() and not self._is_open.wait(timeout=_FULL_S):
            pass
        return self._is_open.is_set()

    @property
    def is_alive(self) -> bool:
        """Is the connection open, or something of it still to be taken?"""
        return self._thread.is_alive() or not self._messages.empty()

    def take(self, within_s: float, most: int) -> list[str | bytes]:
        """What comes within so many seconds, or as soon as so many messages are there."""
        taken: list[str | bytes] = []
        ends_at = time.monotonic() + within_s
        while len(taken) < most and (left_s := ends_at - time.monotonic()) > 0:
            try:
                taken.append(self._messages.get(timeout=min(left_s, 0.2)))
            except Empty:
                if not self._thread.is_alive() and self._messages.empty():
                    break
        return taken

    def close(self) -> None:
        """End it; what was read ahead stays to be taken."""
        if self._stop is not None:
            loop, stop = self._stop
            with suppress(RuntimeError):  # it ended by itself, and its loop with it
                loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    async def _read(self) -> None:
        try:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.ws_connect(self._url, heartbeat=HEARTBEAT_S, max_msg_size=_MOST_BYTES) as socket,
            ):
                stop = asyncio.Event()
                self._stop = (asyncio.get_running_loop(), stop)
                self._is_open.set()
                hearing, stopping = asyncio.ensure_future(self._hear(socket)), asyncio.ensure_future(stop.wait())
                await asyncio.wait({hearing, stopping}, return_when=asyncio.FIRST_COMPLETED)
                hearing.cancel()
                stopping.cancel()
                await asyncio.gather(hearing, stopping, return_exceptions=True)
        except aiohttp.WSServerHandshakeError as error:
            mend = "AFTERDEBATE_BLUESKY_STREAM_URL"
            if error.status in (429, 408) or error.status >= 500:  # noqa: PLR2004 - HTTP's own borders
                self.refusal = SourceUnavailable(f"Bluesky stream: it answers {error.status}")
            else:
                self.refusal = SourceRefused(f"Bluesky stream: it answers {error.status}. Mend: {mend}")
        except (aiohttp.InvalidURL, ValueError):
            self.refusal = SourceRefused("Bluesky stream: no address. Mend: AFTERDEBATE_BLUESKY_STREAM_URL")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.refusal = SourceUnavailable(f"Bluesky stream: {type(error).__name__}")

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                self._messages.put(message.data)
            while self._messages.qsize() >= _MOST_HELD:
                await asyncio.sleep(_FULL_S)
        error = socket.exception()
        self.refusal = SourceUnavailable(
            f"Bluesky stream: {type(error).__name__}" if error else "Bluesky stream: the server closed it"
        )
