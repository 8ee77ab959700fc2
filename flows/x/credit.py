"""How many posts the stream may still read: each is paid for before it is read."""

from threading import Condition


class Credit:
    """Posts that may be read. The reader takes one after the other; the payer grants what money was set apart for."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._posts = 0
        self._is_closed = False

    @property
    def is_used_up(self) -> bool:
        """Is nothing left to read for, so that the reader waits or has stopped?"""
        return self._posts <= 0

    def grant(self, posts: int, *, is_last: bool) -> None:
        """Let so many more be read; `is_last`: the reader need not wait for another grant."""
        with self._changed:
            self._posts += posts
            self._is_closed = self._is_closed or is_last
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing is granted any more: whoever waits stops."""
        self.grant(0, is_last=True)

    def take(self) -> bool:
        """One post was read. May another be? Waits for the answer, because what is read is charged."""
        with self._changed:
            self._posts -= 1
            self._changed.wait_for(lambda: self._posts > 0 or self._is_closed)
            return self._posts > 0
