"""A part of `up` must not outlive it, however that ends: its standard input is a pipe that only `up` holds open."""

import os
import signal
import threading
import time
from collections.abc import Callable

_STOPS_WITHIN_S = 15.0


def end_with_parent(*, stop: Callable[[], None] | None = None, within_s: float = _STOPS_WITHIN_S) -> None:
    """Watch standard input from now on: once it ends, this process stops itself, and is killed where it does not.

    The kernel closes the pipe of a process that is killed, so this holds for `kill -9` as for a crash.
    """
    threading.Thread(target=_watch, args=(stop or _interrupt, within_s), daemon=True).start()


def _watch(stop: Callable[[], None], within_s: float) -> None:
    while os.read(0, 1):  # not through sys.stdin, whose lock would outlive the interpreter
        pass
    stop()
    time.sleep(within_s)
    kill_own_group()


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def kill_own_group() -> None:
    """End this process and all that it started, at once: each part of `up` leads a group of its own."""
    os.killpg(os.getpgid(0), signal.SIGKILL)
