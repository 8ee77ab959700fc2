"""A flow that does not end, and does not listen."""

import signal
import time

from prefect import flow


@flow(name="wait-for-ever")
def wait_for_ever() -> None:
    """Wait."""
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, signal.SIG_IGN)
    while True:
        time.sleep(1)
