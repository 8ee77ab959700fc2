"""The way to X: tweepy's requests go to the address we configure, in bounded time, and carry a token tweepy never sees.

tweepy writes its request headers to its DEBUG log and has neither a host setting nor a timeout. So it is given a
placeholder for a token; the adapter puts the real one on the copy of the request that leaves the process, and nothing
that tweepy, requests or an exception holds afterwards has it.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from queue import SimpleQueue
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import requests
import tweepy

from connectors.errors import SourceUnavailable
from connectors.x.errors import raise_for_answer
from connectors.x.host import TWEEPY_HOST, Limits, NotSent, ToConfiguredHost
from connectors.x.prices import Prices, shipped_prices

# What tweepy warns of is no line for whoever runs us; what it logs can be had by its name.
logging.getLogger("tweepy").propagate = False
logging.getLogger("tweepy").addHandler(logging.NullHandler())

PLACEHOLDER = "kept-by-the-session"
NOTICEABLE = timedelta(seconds=15)  # between two clocks: less is within what X leaves us

Client: TypeAlias = tweepy.Client  # who opens one need not know whose it is


class Meter(Protocol):
    """Who pays: asked before each request, told after it."""

    def reserve(self, price: Decimal, endpoint: str, /) -> int:
        """A reservation of `price`.

        Raises:
            BudgetExhausted: the request could cost more than is left.
        """

    def settle(self, reservation: int, price: Decimal, /) -> None:
        """Take what the answer cost in place of the reservation."""


def open_client(
    token: str,
    api_url: str,
    meter: Meter,
    clock: Callable[[], datetime],
    limits: Limits | None = None,
    *,
    prices: Prices | None = None,
) -> Client:
    """A tweepy client that speaks to `api_url`, answers dictionaries and raises our errors.

    Requests are priced by `prices`, else by the shipped list. `clock` is read only to turn a rate limit's reset into
    seconds, where the answer has no date of its own.
    """
    client = tweepy.Client(bearer_token=PLACEHOLDER, return_type=dict, wait_on_rate_limit=False)
    client.session = XSession(token, api_url, meter, clock, limits or Limits(), prices or shipped_prices())
    return client


class XSession(requests.Session):
    """A session whose answers are whole, successful JSON objects; all else is one of our errors."""

    def __init__(  # noqa: PLR0917 - one caller, and each is of another type
        self, token: str, api_url: str, meter: Meter, clock: Callable[[], datetime], limits: Limits, prices: Prices
    ) -> None:
        super().__init__()
        self.trust_env = False  # a .netrc would replace our credentials; proxies are looked up by the adapter
        self._meter = meter
        self._clock = clock
        self._limits = limits
        self._prices = prices
        self.requests_sent = 0
        self.clock_ahead = timedelta(0)  # of the clock of whoever answers; what an answer's way may explain is 0
        self.mount(TWEEPY_HOST, ToConfiguredHost(token, api_url, limits))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer to one request, paid for.

        Raises:
            SourceUnavailable: no answer in time, a rate limit, or X answers 5xx.
            SourceRefused: credentials, plan or request are refused.
            SourceUnreadable: the answer is not what the API promises.
            BudgetExhausted: the request could cost more than is left, or X says that its credits are used up.
        """
        endpoint, sent_at = urlsplit(str(url)).path, self._clock()
        reservation = self._meter.reserve(self._prices.worst(endpoint, kwargs.get("params") or {}), endpoint)
        kwargs["allow_redirects"] = False
        self.requests_sent += 1
        send = super().request
        try:
            answer = _within(self._limits.total_s, endpoint, lambda: send(method, url, *args, **kwargs))
        except NotSent:
            self._meter.settle(reservation, Decimal(0))
            raise
        self.clock_ahead = _clock_ahead(answer.headers.get("date"), sent_at, self._clock())
        # Without a whole answer nobody knows whether X charged: the reservation of the worst case stands.
        if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            self._meter.settle(reservation, Decimal(0))
        raise_for_answer(answer, endpoint, self._clock)
        self._meter.settle(reservation, self._prices.charged(endpoint, answer.json()))
        return answer


def _clock_ahead(date: str | None, sent_at: datetime, received_at: datetime) -> timedelta:
    """How far our clock is ahead of the server's, by the date of its answer; below 0 it is behind."""
    try:
        told_at = parsedate_to_datetime(date or "").astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    ahead, behind = sent_at - told_at - timedelta(seconds=1), told_at - received_at
    return ahead if ahead > NOTICEABLE else -behind if behind > NOTICEABLE else timedelta(0)


def _within(seconds: float, endpoint: str, call: Callable[[], requests.Response]) -> requests.Response:
    """What `call` answers, if it does so in time; else its thread is left to its own socket timeouts.

    Timeouts of sockets count from byte to byte: a server that sends one now and then would hold us for ever.
    """
    answers: SimpleQueue[requests.Response | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(call())
        except BaseException as error:  # noqa: BLE001  # handed to the caller, whole
            answers.put(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise SourceUnavailable(f"X {endpoint}: no whole answer in {seconds:g} s")
    answer = answers.get()
    if isinstance(answer, BaseException):
        raise answer
    return answer
