"""How long to wait for X before giving a source up for this run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from connectors.errors import SourceUnavailable
from connectors.x.stream import Connection
from flows.collected import Tell

T = TypeVar("T")
BACKOFF_S = (1.0, 4.0)  # after a timeout or 5xx; then the next run tries again
RATE_LIMIT_S = 16 * 60  # X's windows are 15 minutes; a later reset is left to the next run

NETWORK_STEP_S, NETWORK_MOST_S = 0.25, 16.0
HTTP_FIRST_S, HTTP_MOST_S, RATE_FIRST_S = 5.0, 320.0, 60.0


def ask_patiently(
    call: Callable[[], T], pause: Callable[[float], None], tell: Tell, backoffs_s: Sequence[float] = BACKOFF_S
) -> T:
    """What `call` returns, asked again after a rate limit's reset or a short back-off: once for each of `backoffs_s`.

    Raises:
        SourceUnavailable: it stayed so.
    """
    for backoff_s in backoffs_s:
        try:
            return call()
        except SourceUnavailable as error:
            wait_s = backoff_s if error.retry_after_s is None else error.retry_after_s
            if wait_s > RATE_LIMIT_S:
                raise
            tell(f"{error}; asking again in {wait_s:.0f} s")
            pause(wait_s)
    return call()


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next connection, as X asks for it.

    Source: https://docs.x.com/x-api/posts/filtered-stream/integrate/handling-disconnections
    """

    network_s: float = 0.0
    http_s: float = 0.0

    def after(self, connection: Connection) -> float:
        """Seconds to wait after this connection: none after a good one, then more and more."""
        if connection.is_connected:
            self.network_s = self.http_s = 0.0
            return 0.0
        if connection.status is None:
            self.network_s = min(NETWORK_MOST_S, self.network_s + NETWORK_STEP_S)
            return self.network_s
        first = RATE_FIRST_S if connection.status == 429 else HTTP_FIRST_S  # noqa: PLR2004
        self.http_s = min(HTTP_MOST_S, max(first, self.http_s * 2))
        return self.http_s
