"""A flow that does not end, and does not listen: it runs in a thread of the worker, which no signal reaches."""

import time

from prefect import flow


@flow(name="wait-for-ever")
def wait_for_ever() -> None:
    """Wait."""
    while True:
        time.sleep(1)
