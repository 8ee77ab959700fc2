"""How a question is asked of X: again after a wait, and from page to page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from connectors.errors import SourceUnavailable, SourceUnreadable
from connectors.x.counts import CountPage
from connectors.x.posts import PostPage
from flows.collected import Tell

T = TypeVar("T")
BACKOFF_S = (1.0, 4.0)  # after a timeout or 5xx; then the next run tries again
RATE_LIMIT_S = 16 * 60  # X's windows are 15 minutes; a later reset is left to the next run


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


class Pages:
    """The pages of one question that were asked for so far."""

    def __init__(self, what: str, token: str | None = None) -> None:
        self._what = what
        self._tokens = {token}

    def after(self, page: CountPage | PostPage) -> str | None:
        """The token of the page to ask for next; None where this one was the last. Call it when the page has landed.

        Raises:
            SourceUnreadable: X sent errors only, or leads back to a page that was already asked for.
        """
        if not page.is_answer:
            raise SourceUnreadable(f"X {self._what}: errors and no data ({page.set_aside[0]})")
        if page.next_token is not None and page.next_token in self._tokens:
            raise SourceUnreadable(f"X {self._what}: the same next_token again; the pages after it cannot be reached")
        self._tokens.add(page.next_token)
        return page.next_token
