"""Follow X's filtered stream for a while: what arrives is on disk within seconds, and what was missed is a gap.

Whatever the stream misses, counts and the sample refill afterwards: they reach seven days back.
"""

import time
from collections.abc import Callable
from datetime import datetime

from connectors.campaign.models import Campaign
from connectors.errors import SourceUnavailable
from connectors.x.dialect import Dialect
from connectors.x.errors import ParameterRefused
from connectors.x.queries import stream_rules
from connectors.x.stream import put_rules
from flows.collected import Collected, Tell, say_nothing
from flows.only_one import only_one
from flows.settings import Settings
from flows.x.asking import Backoff
from flows.x.attempts import XSource
from flows.x.listening import Listener
from flows.x.open import opened_run
from flows.x.run import XRun
from flows.x.usage import reconcile_usage


def follow_stream(run: XRun, until_at: datetime, clock: Callable[[], datetime]) -> None:
    """Land what the stream sends until `until_at`; a refusal or an empty purse ends it, a cut does not."""
    source = XSource(run.campaign.id, "x-stream", "x_posts")
    with run.failures_kept(source):
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
                run.tell(f"x-stream: {refusal or connection.told}; again in {round(wait_s, 2):g} s")
                run.pause(wait_s)


def _rules(campaign: Campaign) -> dict[str, str]:
    return {
        f"{candidate.id} {number}": rule
        for candidate in campaign.candidates
        for number, rule in enumerate(stream_rules(candidate))
    }


def stream_x_once(
    campaign: Campaign,
    settings: Settings,
    until_at: datetime,
    clock: Callable[[], datetime],
    *,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Follow the stream for one campaign until `until_at`, and say what landed."""
    with only_one(settings.home, "x-stream") as is_alone:
        if not is_alone:
            return Collected(notes=["X stream: another process of this home follows it; X gives one connection"])
        with opened_run(campaign, settings, clock(), clock=clock, tell=tell, pause=pause) as run:
            follow_stream(run, until_at, clock)
            reconcile_usage(run)
            return run.collected
