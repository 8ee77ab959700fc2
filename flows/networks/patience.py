"""How a question is asked of a network: again after a wait."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from connectors.errors import SourceUnavailable
from flows.collected import Tell

T = TypeVar("T")
BACKOFF_S = (1.0, 4.0)  # after a timeout or 5xx; then the next run tries again
RATE_LIMIT_S = 16 * 60  # windows of limits are 5 or 15 minutes; a later reset is left to the next run


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
