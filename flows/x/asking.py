"""How a question is asked of X from page to page."""

from connectors.errors import SourceUnreadable
from connectors.x.counts import CountPage
from connectors.x.posts import PostPage


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
