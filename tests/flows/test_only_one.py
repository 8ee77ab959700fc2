"""One process of a home at a time, and who it is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.only_one import AlreadyHeld, end_holder, held_by_us, holder_of, is_held

HOLDS = """
import signal, sys
from pathlib import Path
from flows.only_one import held_by_us
with held_by_us(Path(sys.argv[1]), port=4200):
    print("holds", flush=True)
    signal.pause()
"""


def holding(lock: Path) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", HOLDS, str(lock)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    return process


def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    first = holding(tmp_path / "up.lock")
    try:
        with pytest.raises(AlreadyHeld) as refused, held_by_us(tmp_path / "up.lock"):
            pass
        assert refused.value.holder is not None
        assert refused.value.holder.pid == first.pid
        assert refused.value.holder.told == {"port": 4200}
    finally:
        first.kill()
        first.wait()


def test_a_killed_process_holds_nothing_any_more(tmp_path: Path) -> None:
    first = holding(tmp_path / "up.lock")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    assert holder_of(tmp_path / "up.lock") is None
    with held_by_us(tmp_path / "up.lock"):
        assert is_held(tmp_path / "up.lock")


def test_who_does_not_let_go_is_ended(tmp_path: Path) -> None:
    first = holding(tmp_path / "server.lock")

    assert end_holder(tmp_path / "server.lock", within_s=0.2) == first.pid
    assert first.wait() == -signal.SIGKILL
    assert end_holder(tmp_path / "server.lock", within_s=0) is None
