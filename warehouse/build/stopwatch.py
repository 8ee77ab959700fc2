"""Where the seconds of a build go."""

import time


class Stopwatch:
    """Seconds by phase; a phase lasts until the next one begins."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._phase: str | None = None
        self._since = time.monotonic()

    def begin(self, phase: str) -> None:
        """End the phase that runs, and begin another."""
        self.end()
        self._phase = phase

    def end(self) -> None:
        """End the phase that runs."""
        now = time.monotonic()
        if self._phase is not None:
            self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = None, now
