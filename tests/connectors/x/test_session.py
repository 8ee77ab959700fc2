"""The way to X: bounded in time and size, and the token stays out of every sight but the server's."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote, unquote

import pytest
import tweepy

from connectors.errors import SourceError, SourceUnavailable, SourceUnreadable
from connectors.x.host import Limits
from connectors.x.session import open_client
from tests.doubles.x_server import Answer, FakeX, problem, running

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TOKEN = "AAAA%2Ftop%3Dsecret"  # as X makes them
FORMS = (TOKEN, unquote(TOKEN), quote(TOKEN, safe=""))
QUICK = Limits(connect_s=0.5, read_s=0.2, total_s=0.6, body_bytes=1000)


@pytest.fixture
def x() -> Iterator[FakeX]:
    with running(FakeX(now=NOW)) as x:
        yield x


class Tally:
    """A meter without a limit that remembers."""

    def __init__(self) -> None:
        self.reserved: list[Decimal] = []
        self.settled: list[Decimal] = []

    def reserve(self, price: Decimal, _endpoint: str, /) -> int:
        self.reserved.append(price)
        return 0

    def settle(self, _reservation: int, price: Decimal, /) -> None:
        self.settled.append(price)


def client_of(x: FakeX, tally: Tally | None = None) -> tweepy.Client:
    return open_client(TOKEN, x.url, tally or Tally(), lambda: NOW, QUICK)


def test_a_server_that_does_not_answer_is_left(x: FakeX) -> None:
    x.faults.append(Answer({}, hang_s=2))
    with pytest.raises(SourceUnavailable, match=r"/2/tweets/counts/recent: ReadTimeout"):
        client_of(x).get_recent_tweets_count("Quill")


def test_a_server_that_drips_bytes_is_left_as_well(x: FakeX) -> None:
    x.faults.append(Answer(b" " * 500, drip_s=0.1))
    with pytest.raises(SourceUnavailable, match=r"no whole answer in 0.6 s"):
        client_of(x).get_recent_tweets_count("Quill")


@pytest.mark.parametrize("ending", ["", "/", "/2", "/2/"])
def test_the_address_may_end_with_a_slash_or_the_version(x: FakeX, ending: str) -> None:
    x.faults.append(Answer({"data": [], "meta": {}}))
    open_client(TOKEN, x.url + ending, Tally(), lambda: NOW, QUICK).get_recent_tweets_count("Quill")
    assert x.asked[0].path == "/2/tweets/counts/recent"


def test_nobody_at_the_address_is_unavailable() -> None:
    client = open_client(TOKEN, "http://127.0.0.1:1", Tally(), lambda: NOW, QUICK)
    with pytest.raises(SourceUnavailable, match="ConnectionError"):
        client.get_recent_tweets_count("Quill")


def test_an_answer_cut_short_is_unavailable(x: FakeX) -> None:
    x.faults.append(Answer(b'{"data":', headers={"Content-Length": "900"}))
    with pytest.raises(SourceUnavailable):
        client_of(x).get_recent_tweets_count("Quill")


def test_an_answer_beyond_the_cap_is_not_read_to_its_end(x: FakeX) -> None:
    x.faults.append(Answer(b" " * 5000))
    with pytest.raises(SourceUnreadable, match="more than 1000 bytes"):
        client_of(x).get_recent_tweets_count("Quill")


def test_a_placeholder_for_a_token_leaves_answers_as_they_are(x: FakeX) -> None:
    x.faults.append(Answer({"data": [], "meta": {"next_token": "b26v"}}))
    answer = open_client("token", x.url, Tally(), lambda: NOW, QUICK).get_recent_tweets_count("Quill")
    assert answer == {"data": [], "meta": {"next_token": "b26v"}}


def test_a_byte_order_mark_is_no_part_of_the_answer(x: FakeX) -> None:
    x.faults.append(Answer(b'\xef\xbb\xbf{"data": [], "meta": {}}'))
    assert client_of(x).get_recent_tweets_count("Quill") == {"data": [], "meta": {}}


def test_a_redirect_is_not_followed(x: FakeX) -> None:
    x.faults.append(Answer({}, 302, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(SourceUnreadable, match="redirect"):
        client_of(x).get_recent_tweets_count("Quill")


@pytest.mark.parametrize(
    "fault",
    [
        Answer({"meta": {}}),
        problem(401, "unauthorized", f"Bearer {TOKEN} is unknown"),
        problem(401, "unauthorized", f"{unquote(TOKEN)} and {quote(TOKEN, safe='')} are unknown"),
        Answer({"meta": {}}, headers={"WWW-Authenticate": f'Bearer error="{TOKEN}"'}),
        Answer(b"x" * 5000),
        Answer({}, hang_s=1),
        Answer([{"detail": TOKEN}], 500),
    ],
)
def test_neither_logs_nor_errors_hold_the_token(x: FakeX, caplog: pytest.LogCaptureFixture, fault: Answer) -> None:
    caplog.set_level(logging.DEBUG)
    x.faults.append(fault)
    client = client_of(x)
    try:
        client.get_recent_tweets_count("Quill")
    except SourceError as error:
        assert not any(form in repr(_everything(error)) for form in FORMS)
    assert x.asked[0].authorization == f"Bearer {TOKEN}"
    assert "Authorization" in caplog.text  # tweepy did log its headers
    assert not any(form in caplog.text for form in FORMS)


HALF_A_CENT = Decimal("0.005")


@pytest.mark.parametrize(
    ("fault", "charged"),
    [
        (Answer({"data": [{"start": "x"}]}), [HALF_A_CENT]),
        (Answer({"data": [], "meta": {}}), [HALF_A_CENT]),  # priced by the request
        (problem(403, "client-forbidden", "no"), [Decimal(0)]),
        (Answer({}, 503), [Decimal(0)]),
        (Answer({}, 302), [Decimal(0)]),
        (Answer(b"{", 200), []),  # it came, and may have been charged: the reservation stands
        (Answer({}, hang_s=1), []),
    ],
)
def test_a_request_is_paid_for_by_what_its_answer_was(x: FakeX, fault: Answer, charged: list[Decimal]) -> None:
    tally = Tally()
    x.faults.append(fault)
    with suppress(SourceError):
        client_of(x, tally).get_recent_tweets_count("Quill")
    assert (tally.reserved, tally.settled) == ([HALF_A_CENT], charged)


def test_a_request_that_nobody_took_costs_nothing() -> None:
    tally = Tally()
    with pytest.raises(SourceUnavailable):
        open_client(TOKEN, "http://127.0.0.1:1", tally, lambda: NOW, QUICK).get_recent_tweets_count("Quill")
    assert tally.settled == [Decimal(0)]


def test_an_endpoint_without_a_price_is_not_asked(x: FakeX) -> None:
    with pytest.raises(ValueError, match="no price known"):
        client_of(x).get_list(1)
    assert x.asked == []


def _everything(error: BaseException | None) -> list[object]:
    """The error, what it came from, and all their attributes."""
    if error is None:
        return []
    request = getattr(error, "request", None)
    return [str(error), vars(error), getattr(request, "headers", None), *_everything(error.__context__)]
