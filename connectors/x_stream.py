"""X's filtered stream: its rules, and one connection at a time whose end is told, not retried.

tweepy would retry every refusal for ever and sleep in between; here a connection that ends says how, and whoever
opened it decides when to open the next.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import requests
import tweepy

from connectors.x import as_list
from connectors.x_host import TWEEPY_HOST, Limits, ToConfiguredHost
from connectors.x_session import PLACEHOLDER

RULES = "/2/tweets/search/stream/rules"
SILENCE_S = 30  # X sends a blank line every 20 s: a stream that is silent for longer is dead
Ending = Literal["closed", "silent", "refused", "asked"]


def put_rules(client: tweepy.Client, tag: str, queries: Mapping[str, str]) -> None:
    """Make X's rules of this `tag` exactly `queries` (name -> query); rules of other tags stay.

    Raises:
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
        client.request("POST", RULES, json={"add": missing})


class Connection(tweepy.StreamingClient):  # type: ignore[misc]  # tweepy has no types
    """One connection to the filtered stream; `ending` and `status` say how it ended."""

    def __init__(self, token: str, api_url: str, hear: Callable[[bytes], None]) -> None:
        super().__init__(PLACEHOLDER, max_retries=0, daemon=True)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(TWEEPY_HOST, ToConfiguredHost(token, api_url, Limits(read_s=SILENCE_S)))
        self._hear = hear
        self.is_connected = False
        self.ending: Ending = "asked"
        self.status: int | None = None

    def on_connect(self) -> None:
        """The stream answered 200."""
        self.is_connected = True
        self._hear(b"")

    def on_data(self, raw_data: bytes) -> None:
        """One post, as it came."""
        self._hear(raw_data)

    def on_keep_alive(self) -> None:
        """Nothing was posted, and X is there."""
        self._hear(b"")

    def on_request_error(self, status_code: int) -> None:
        """Refused: tweepy must not try again by itself."""
        self._end("refused", status_code)

    def on_connection_error(self) -> None:
        """Silent for too long, or cut."""
        self._end("silent")

    def on_closed(self, response: requests.Response) -> None:  # noqa: ARG002  # tweepy's hook
        """X closed the stream."""
        self._end("closed")

    def on_exception(self, exception: Exception) -> None:  # noqa: ARG002  # it holds the request
        """Whatever else cut the stream; it is not logged, because it may quote what was sent."""
        self._end("silent")

    def _end(self, ending: Ending, status: int | None = None) -> None:
        self.ending, self.status = ending, status
        self.disconnect()
