"""X's filtered stream: its rules, and one connection at a time whose end is told, not retried.

tweepy would retry every refusal for ever and sleep in between; here a connection that ends says how, and whoever
opened it decides when to open the next.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from threading import Thread
from typing import Any, Literal

import requests
import tweepy

from connectors.errors import SourceError, SourceRefused
from connectors.x.counts import as_list, words_of_error
from connectors.x.errors import raise_for_answer
from connectors.x.host import SHALLOW, TWEEPY_HOST, Limits, ToConfiguredHost
from connectors.x.session import PLACEHOLDER

STREAM = "/2/tweets/search/stream"
RULES = f"{STREAM}/rules"
SILENCE_S = 30  # X sends a blank line every 20 s: a stream that is silent for longer is dead
Ending = Literal["closed", "silent", "refused", "asked"]


def put_rules(client: tweepy.Client, tag: str, queries: Mapping[str, str]) -> None:
    """Make X's rules of this `tag` exactly `queries` (name -> query); rules of other tags stay.

    Raises:
        SourceRefused: X does not take one of the rules.
        SourceError: as every request to X may.
    """
    wanted = {query: f"{tag} {name}" for name, query in queries.items()}
    there = as_list(client.request("GET", RULES).json().get("data"))
    ours = [rule for rule in there if str(rule.get("tag", "")).startswith(f"{tag} ")]
    stale = [rule["id"] for rule in ours if wanted.get(rule["value"]) != rule.get("tag")]
    if stale:
        client.request("POST", RULES, json={"delete": {"ids": stale}})
    known = {rule["value"] for rule in ours if rule["id"] not in stale}
    missing = [{"value": query, "tag": label} for query, label in wanted.items() if query not in known]
    if missing:
        answer = client.request("POST", RULES, json={"add": missing}).json()
        # A rule that somebody else has already made finds the same posts.
        refused = [error for error in as_list(answer.get("errors")) if "duplicate" not in str(error).lower()]
        if refused:
            raise SourceRefused(f"X {RULES}: {words_of_error(refused[0])}. Mend: the aliases or the x_query")


class _Session(requests.Session):
    """A session that opens the stream, or raises one of our errors where it is refused."""

    def __init__(self, host: ToConfiguredHost, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.trust_env = False
        self.mount(TWEEPY_HOST, host)
        self._clock = clock
        self.status: int | None = None

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """The stream that has begun.

        Raises:
            SourceError: as every request to X may.
        """
        answer = super().request(*args, **(kwargs | {"allow_redirects": False}))
        if answer.status_code != HTTPStatus.OK:
            self.status = answer.status_code
            raise_for_answer(answer, STREAM, self._clock)
        return answer


class Connection(tweepy.StreamingClient):  # type: ignore[misc]  # tweepy has no types
    """One connection to the filtered stream; `ending`, `status` and `refusal` say how it ended.

    `hear` takes each line, blank ones too, and answers whether another may be read: if not, the connection is closed.
    """

    def __init__(self, token: str, api_url: str, hear: Callable[[bytes], bool], clock: Callable[[], datetime]) -> None:
        super().__init__(PLACEHOLDER, max_retries=0, daemon=True)
        self.session = _Session(ToConfiguredHost(token, api_url, Limits(read_s=SILENCE_S), SHALLOW), clock)
        self._hear = hear
        self.is_connected = False
        self.ending: Ending = "asked"
        self.refusal: SourceError | None = None

    @property
    def status(self) -> int | None:
        """The status by which X refused the stream, if it did."""
        return self.session.status

    @property
    def told(self) -> str:
        """How the connection ended, in words."""
        return {"closed": "X closed the stream", "silent": f"nothing came for {SILENCE_S} s, or no connection"}.get(
            self.ending, f"X refused the stream ({self.status})"
        )

    def open(self, parameter: str, fields: Sequence[str]) -> Thread:
        """The thread that reads until the connection ends; `parameter` names what each post should hold."""
        # tweepy knows tweet.fields by its own spelling, and hands on what it does not know.
        name = "tweet_fields" if parameter == "tweet.fields" else parameter
        thread: Thread = self.filter(threaded=True, **{name: list(fields)})
        return thread

    def on_connect(self) -> None:
        """The stream answered 200."""
        self.is_connected = True
        self._hear(b"")

    def on_data(self, raw_data: bytes) -> None:
        """One post, as it came."""
        if not self._hear(raw_data):
            self.disconnect()

    def on_keep_alive(self) -> None:
        """Nothing was posted, and X is there."""
        self._hear(b"")

    def on_connection_error(self) -> None:
        """Silent for too long, or cut."""
        self._end("silent")

    def on_closed(self, response: requests.Response) -> None:  # noqa: ARG002  # tweepy's hook
        """X closed the stream."""
        self._end("closed")

    def on_exception(self, exception: Exception) -> None:
        """Refused, or whatever else cut the stream; that is not logged, because it may quote what was sent."""
        if isinstance(exception, SourceError):
            self.refusal = exception
        self._end("silent" if self.status is None else "refused")

    def _end(self, ending: Ending) -> None:
        self.ending = ending
        self.disconnect()
