"""What a run's log says of a fault that has its words."""

import pytest
from prefect.logging import get_logger

from flows.deployed.one_sentence import say_in_one_sentence
from warehouse.store import DiskFault, StoreBroken


@pytest.mark.parametrize("kind", ["flow_runs", "task_runs"])
@pytest.mark.parametrize("fault", [DiskFault("no room. Mend: make some"), StoreBroken("made anew by the next build")])
def test_a_disk_or_a_warehouse_at_fault_is_one_line(
    caplog: pytest.LogCaptureFixture, kind: str, fault: Exception
) -> None:
    said = set(lines_of(kind, fault, caplog))
    assert len(said) == 1
    assert str(fault) in said.pop()


def test_a_mistake_of_ours_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert "ValueError: ours" in lines_of("task_runs", ValueError("ours"), caplog)


def lines_of(kind: str, fault: Exception, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the logger of runs writes where an engine of Prefect notes an exception."""
    say_in_one_sentence()
    logger = get_logger(f"prefect.{kind}")
    logger.addHandler(caplog.handler)
    try:
        logger.error("Task run failed with exception: %r", fault, exc_info=(type(fault), fault, None))
    finally:
        logger.removeHandler(caplog.handler)
    return caplog.text.splitlines()
