"""What a worker starts of the runs that are due: a machine that slept, and landings in a burst."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from flows.deployed.up.dispatch import PATIENCE, Choice, DueRun, Kind, kind_of
from flows.deployed.up.dispatch import choose as choose_of

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FEEDS, BUILD = kind_of("feeds", {"campaign": "a"}, "-"), kind_of("build", {}, "-")
PAGES = kind_of("pages", {}, "-")


def choose(due: Iterable[DueRun], at_work: Collection[Kind], now: datetime = NOON) -> Choice:
    return choose_of(due, at_work, gives_way={"pages": "build"}, now=now)


def runs(kind: tuple[str, str], number: int) -> list[DueRun]:
    return [DueRun(f"{kind[0]}-{n}", kind, NOON + n * timedelta(minutes=1)) for n in range(number)]


def test_a_machine_that_slept_wakes_to_one_run_of_each_kind() -> None:
    choice = choose([*runs(FEEDS, 200), *runs(BUILD, 200)], at_work=())

    assert {run.run_id for run in choice.start} == {"feeds-199", "build-199"}
    assert len(choice.skip) == 398


def test_a_burst_of_landings_is_one_build_at_work_and_one_that_waits() -> None:
    choice = choose(runs(BUILD, 30), at_work=[BUILD])

    assert choice.start == []
    assert len(choice.skip) == 29  # the last waits for the one at work: that one may have missed what landed


def test_a_run_for_another_folder_is_another_work() -> None:
    by_hand = DueRun("by-hand", kind_of("feeds", {"campaign": "b"}, "-"), NOON)

    assert {run.run_id for run in choose([*runs(FEEDS, 1), by_hand], at_work=()).start} == {"feeds-0", "by-hand"}


def test_runs_of_no_deployment_are_each_their_own() -> None:
    assert kind_of(None, {}, "one") != kind_of(None, {}, "other")


def test_pages_wait_while_a_build_is_at_work_or_due_but_not_for_ever() -> None:
    pages = [DueRun("p1", PAGES, NOON), DueRun("p2", PAGES, NOON + timedelta(seconds=50))]
    soon = NOON + timedelta(minutes=1)

    assert choose(pages, at_work=[BUILD], now=soon) == Choice([], [])
    assert [run.run_id for run in choose([*pages, *runs(BUILD, 1)], at_work=(), now=soon).start] == ["build-0"]
    assert choose(pages, at_work=(), now=soon) == Choice([pages[1]], [pages[0]])
    assert choose(pages, at_work=[BUILD], now=NOON + PATIENCE) == Choice([pages[1]], [pages[0]])


def test_a_build_does_not_wait_for_pages() -> None:
    assert len(choose(runs(BUILD, 1), at_work=[PAGES]).start) == 1
