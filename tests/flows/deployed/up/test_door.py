"""Who comes from elsewhere is refused before Prefect hears it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.deployed.up.door import behind_door, refusal_of

ORIGIN = "http://127.0.0.1:4200"
OWN_HOST = (b"host", b"127.0.0.1:4200")


def test_a_program_that_calls_the_server_by_its_name_may_pass() -> None:
    assert refusal_of([OWN_HOST], ORIGIN) is None


def test_the_servers_own_page_may_pass() -> None:
    assert refusal_of([OWN_HOST, (b"origin", b"http://127.0.0.1:4200")], ORIGIN) is None


@pytest.mark.parametrize(
    "host",
    [b"evil.example:4200", b"127.0.0.1", b"127.0.0.1:4201", b"127.0.0.1:4200.evil.example", b"localhost:4200", b""],
)
def test_another_name_is_refused(host: bytes) -> None:
    assert refusal_of([(b"host", host)], ORIGIN) == "This server has one name. Mend: open http://127.0.0.1:4200\n"


@pytest.mark.parametrize("headers", [[], [OWN_HOST, OWN_HOST], [OWN_HOST, (b"host", b"evil.example")]])
def test_a_request_without_exactly_one_name_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    assert refusal_of(headers, ORIGIN) is not None


@pytest.mark.parametrize(
    "origin", [b"https://evil.example", b"null", b"http://127.0.0.1:8000", b"https://127.0.0.1:4200", b""]
)
def test_another_page_is_refused(origin: bytes) -> None:
    assert refusal_of([OWN_HOST, (b"origin", origin)], ORIGIN) is not None


@given(name=st.sampled_from([b"host", b"origin"]), value=st.binary())
def test_no_other_name_or_page_passes(name: bytes, value: bytes) -> None:
    is_own = value == {b"host": b"127.0.0.1:4200", b"origin": b"http://127.0.0.1:4200"}[name]
    headers = [(name, value)] if name == b"host" else [OWN_HOST, (name, value)]

    assert (refusal_of(headers, ORIGIN) is None) == is_own


def test_what_is_refused_never_reaches_the_server_behind() -> None:
    heard, answers = knocked("http", b"evil.example"), knocked("websocket", b"evil.example")

    assert heard == ["http.response.start", "http.response.body"]
    assert answers == ["websocket.close"]


def test_what_passes_reaches_it_and_so_does_its_start() -> None:
    assert knocked("http", b"127.0.0.1:4200") == ["reached"]
    assert knocked("lifespan", b"") == ["reached"]


def knocked(kind: str, host: bytes) -> list[str]:
    """The types of the messages that come back."""
    messages: list[str] = []

    async def behind(_scope: Any, _receive: Any, _send: Any) -> None:
        messages.append("reached")

    async def receive() -> MutableMapping[str, Any]:
        return {}

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message["type"])

    async def knock() -> None:
        await behind_door(behind, ORIGIN)({"type": kind, "headers": [(b"host", host)]}, receive, send)

    asyncio.run(knock())
    return messages
