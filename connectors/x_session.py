"""The way to X: tweepy's requests go to the address we configure, in bounded time, and carry a token tweepy never sees.

tweepy writes its request headers to its DEBUG log and has neither a host setting nor a timeout. So it is given a
placeholder for a token; the adapter puts the real one on the copy of the request that leaves the process, and nothing
that tweepy, requests or an exception holds afterwards has it.
"""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from queue import SimpleQueue
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from connectors.errors import SourceUnavailable, SourceUnreadable
from connectors.x_errors import raise_for_answer
from connectors.x_prices import charged_price, worst_price

TWEEPY_HOST = "https://api.twitter.com"  # written into tweepy 4.17, client.py
PLACEHOLDER = "kept-by-the-session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one request may take, and how much it may answer."""

    connect_s: float = 5
    read_s: float = 20  # between two bytes
    total_s: float = 60  # for the whole answer: a server that drips bytes is cut off too
    body_bytes: int = 64 * 2**20  # inflated; 31 days of minutes are 5 MB


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
    token: str, api_url: str, meter: Meter, clock: Callable[[], datetime], limits: Limits | None = None
) -> tweepy.Client:
    """A tweepy client that speaks to `api_url`, answers dictionaries and raises our errors.

    `clock` is read only to turn a rate limit's reset into seconds, where the answer has no date of its own.
    """
    client = tweepy.Client(bearer_token=PLACEHOLDER, return_type=dict, wait_on_rate_limit=False)
    client.session = XSession(token, api_url, meter, clock, limits or Limits())
    return client


class XSession(requests.Session):
    """A session whose answers are whole, successful JSON objects; all else is one of our errors."""

    def __init__(self, token: str, api_url: str, meter: Meter, clock: Callable[[], datetime], limits: Limits) -> None:
        super().__init__()
        self.trust_env = False  # a .netrc would replace our credentials; proxies are looked up by the adapter
        self._meter = meter
        self._clock = clock
        self._limits = limits
        self.requests_sent = 0
        self.mount(TWEEPY_HOST, ToConfiguredHost(token, api_url, limits))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer to one request, paid for.

        Raises:
            SourceUnavailable: no answer in time, a rate limit, or X answers 5xx.
            SourceRefused: credentials, plan or request are refused.
            SourceUnreadable: the answer is not what the API promises.
            BudgetExhausted: the request could cost more than is left, or X says that its credits are used up.
        """
        endpoint = urlsplit(str(url)).path
        reservation = self._meter.reserve(worst_price(endpoint, kwargs.get("params") or {}), endpoint)
        kwargs["allow_redirects"] = False
        self.requests_sent += 1
        send = super().request
        try:
            answer = _within(self._limits.total_s, endpoint, lambda: send(method, url, *args, **kwargs))
        except _NotSent:
            self._meter.settle(reservation, Decimal(0))
            raise
        # Without a whole answer nobody knows whether X charged: the reservation of the worst case stands.
        if not answer.ok:
            self._meter.settle(reservation, Decimal(0))
        raise_for_answer(answer, endpoint, self._clock)
        self._meter.settle(reservation, charged_price(endpoint, answer.json()))
        return answer


class _NotSent(SourceUnavailable):
    """Nobody took the request, so nobody charges for it."""


class ToConfiguredHost(HTTPAdapter):
    """Sends what was meant for tweepy's host to ours, with the token, and reads the answer whole, a stream excepted."""

    def __init__(self, token: str, api_url: str, limits: Limits) -> None:
        super().__init__()
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._limits = limits

    def send(self, request: requests.PreparedRequest, *_args: Any, **asked: Any) -> requests.Response:
        """The answer of the configured host, tied to the request that holds no token.

        Raises:
            SourceUnavailable: there was none, or it was cut short.
            SourceUnreadable: it is larger than the cap.
        """
        path = str(request.url).removeprefix(TWEEPY_HOST)
        sent = request.copy()
        sent.url = self._api_url + path
        sent.headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = super().send(
                sent,
                stream=True,
                timeout=(self._limits.connect_s, self._limits.read_s),
                proxies=_proxies(sent.url),
            )
            if asked.get("stream"):
                answer.request = request  # the one without the token
                return answer
            return self._whole(answer, request)
        except requests.RequestException as error:
            failure = type(error).__name__
            reason = getattr(error.args[0] if error.args else None, "reason", None)
        # Raised out here, without the cause: that holds the request, and the request holds the token.
        kind = _NotSent if isinstance(reason, NewConnectionError | ConnectTimeoutError) else SourceUnavailable
        raise kind(f"X {urlsplit(path).path}: {failure}, no whole answer")

    def _whole(self, answer: requests.Response, request: requests.PreparedRequest) -> requests.Response:
        """The answer with its body read, inflated and capped, tied to the request that holds no token."""
        body = bytearray()
        with answer:
            for chunk in answer.iter_content(2**16):
                body += chunk
                if len(body) > self._limits.body_bytes:
                    raise SourceUnreadable(
                        f"X {urlsplit(request.path_url).path}: more than {self._limits.body_bytes} bytes"
                    )
        whole = requests.Response()
        whole.status_code, whole.reason, whole.headers = answer.status_code, answer.reason, answer.headers
        whole.encoding, whole.url, whole.request = "utf-8", str(request.url), request
        # A server may quote the credentials it refuses.
        whole.raw = io.BytesIO(bytes(body).replace(self._token.encode(), b"[token]"))
        return whole


def _proxies(url: str) -> dict[str, str]:
    """The proxies that the environment names; none for this machine itself, whatever NO_PROXY says."""
    return {} if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1") else get_environ_proxies(url)


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
