"""The processes of `afterdebate up`: started, watched, started again with growing pauses, and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_STOPS_WITHIN_S = 30
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_STANDS_AFTER_S = 60.0  # one that ran so long starts again at once


class Part:
    """One process, which ends with this one: its standard input is a pipe that only we hold open."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        environment: Mapping[str, str],
        *,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._words = words
        self._environment = environment
        self._elapsed_s = elapsed_s
        self._process: subprocess.Popen[bytes] | None = None
        self._began_s = 0.0
        self._pause_s = 0.0
        self._again_at_s = 0.0

    def start(self) -> None:
        """Start it; what it says goes to its log."""
        folder = Path(self._environment["PREFECT_HOME"])
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{self.name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches only us, and we stop the parts in their order.
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and fixed words
                [sys.executable, "-m", *self._words],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._began_s = self._elapsed_s()

    def ended_with(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll() if self._process else None

    def look_after(self, tell: Callable[[str], None]) -> bool:
        """Start it again where it ended by itself, after a pause that doubles; returns whether it was started."""
        code = self.ended_with()
        if code is None:
            return False
        now_s = self._elapsed_s()
        if self._process is not None and not self._again_at_s:
            self._end_group()
            has_stood = now_s - self._began_s >= _STANDS_AFTER_S
            self._pause_s = _SHORTEST_PAUSE_S if has_stood else min(_LONGEST_PAUSE_S, max(1.0, self._pause_s * 2))
            self._again_at_s = now_s + self._pause_s
            tell(f"The {self.name} ended (exit code {code}); started again in {self._pause_s:.0f} s.")
        if now_s < self._again_at_s:
            return False
        self._again_at_s = 0.0
        self.start()
        return True

    def stop(self) -> None:
        """Ask it to end, and kill it where it does not."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._end_group()
            self._process.wait()
        self._end_group()
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()

    def _end_group(self) -> None:
        """End what it started and left behind."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
