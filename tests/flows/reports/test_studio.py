"""Drawing by several processes."""

import os
import select
import subprocess
import sys

import pytest

_DRAWS = """
import os, sys
from flows.reports.studio import drawers
with drawers(1) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system cannot wait for a process that is not its child")
def test_what_draws_ends_with_the_run_that_was_killed() -> None:
    words = [sys.executable, "-c", _DRAWS]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        drawer = os.pidfd_open(int(run.stdout.readline()))
        try:
            run.kill()
            ended, _, _ = select.select([drawer], [], [], 60)
        finally:
            os.close(drawer)
    assert ended
