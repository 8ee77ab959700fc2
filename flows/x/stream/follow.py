"""Follow X's filtered stream for a while: what arrives is on disk within seconds, and what was missed is a gap.

Whatever the stream misses, counts and the sample refill afterwards: they reach seven days back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from connectors.campaign.models import Campaign
from connectors.errors import SourceUnavailable
from connectors.x.dialect import Dialect
from connectors.x.errors import ParameterRefused
from connectors.x.queries import stream_rules
from connectors.x.stream import Connection, put_rules
from flows.x.attempts import XSource
from flows.x.run import XRun
from flows.x.stream.listening import Listener

NETWORK_STEP_S, NETWORK_MOST_S = 0.25, 16.0
HTTP_FIRST_S, HTTP_MOST_S, RATE_FIRST_S = 5.0, 320.0, 60.0


def follow_stream(run: XRun, until_at: datetime, clock: Callable[[], datetime]) -> None:
    """Land what the stream sends until `until_at`; a refusal or an empty purse ends it, a cut does not."""
    source = XSource(run.campaign.id, "x-stream", "x_posts")
    with run.failures_kept(source), _waits_noted(run) as waited_s:
        run.ask(lambda: put_rules(run.client, f"afterdebate {run.campaign.id}", _rules(run.campaign)))
        backoff, dialect = Backoff(), Dialect()
        while clock() < until_at:
            connection = Listener(run, source, clock).follow(until_at, dialect)
            refusal = connection.refusal
            if isinstance(refusal, ParameterRefused) and refusal.names(dialect.parameter) and dialect.turn_to_next():
                continue
            if refusal is not None and not isinstance(refusal, SourceUnavailable):
                raise refusal
            left_s = (until_at - clock()).total_seconds()
            if left_s > 0:
                wait_s = min(backoff.after(connection), left_s)
                why = str(refusal or connection.told)
                run.tell(f"x-stream: {why}; again in {round(wait_s, 2):g} s")
                run.pause(wait_s)
                waited_s[why] += wait_s


@contextmanager
def _waits_noted(run: XRun) -> Iterator[dict[str, float]]:
    """Seconds by reason, noted at the end, one note a reason: what moved on the screen is read there by others."""
    waited_s = defaultdict[str, float](float)
    try:
        yield waited_s
    finally:
        run.collected.notes += [
            f"x-stream: waited {seconds:.0f} s: {why}" for why, seconds in waited_s.items() if seconds
        ]


def _rules(campaign: Campaign) -> dict[str, str]:
    return {
        f"{candidate.id} {number}": rule
        for candidate in campaign.candidates
        for number, rule in enumerate(stream_rules(candidate))
    }


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
