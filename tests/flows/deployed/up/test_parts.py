"""The parts of `up`: started again with growing pauses, and ended with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.deployed.up.parts import Part


class Clock:
    """Seconds that a test says."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def part_of(tmp_path: Path, *words: str, clock: Clock) -> Part:
    return Part("worker", words, {**os.environ, "PREFECT_HOME": str(tmp_path)}, elapsed_s=clock)


def wait_for_end(part: Part) -> None:
    while part.ended_with() is None:
        pass


def test_a_part_that_ends_at_once_is_started_after_longer_and_longer_pauses(tmp_path: Path) -> None:
    clock, told = Clock(), list[str]()
    part = part_of(tmp_path, "this_module_is_not_there", clock=clock)
    part.start()
    pauses = []
    for _ in range(4):
        wait_for_end(part)
        began_s = clock.now_s
        while not part.look_after(told.append):
            clock.now_s += 0.5
        pauses.append(clock.now_s - began_s)
    part.stop()

    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert told[0] == "The worker ended (exit code 1); started again in 1 s."


def test_a_part_that_stood_for_long_is_started_after_a_second_again(tmp_path: Path) -> None:
    clock, told = Clock(), list[str]()
    part = part_of(tmp_path, "this_module_is_not_there", clock=clock)
    part.start()
    for _ in range(3):
        wait_for_end(part)
        while not part.look_after(told.append):
            clock.now_s += 0.5
    clock.now_s += 3600
    wait_for_end(part)
    part.look_after(told.append)
    part.stop()

    assert told[-1].endswith("started again in 1 s.")


HEARS_NOTHING = """
import signal, time
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, signal.SIG_IGN)
from flows.deployed.up.parent import end_with_parent
end_with_parent(within_s=0.2)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("first_lines", [HEARS_NOTHING, HEARS_NOTHING.replace("SIG_IGN", "SIG_DFL")])
def test_a_part_ends_when_the_pipe_of_its_parent_does(first_lines: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", first_lines],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert process.poll() is None

    process.stdin.close()

    assert process.wait(30) in (-signal.SIGINT, -signal.SIGKILL, 1)
