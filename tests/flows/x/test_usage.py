"""Our ledger beside what X itself counted: of the two the larger counts, and no answer changes nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.x.usage import read_usage
from flows.health.read import read_health
from flows.x.usage import tell_usage
from tests.doubles.x_server import Answer, FakeX, problem, running
from tests.flows.x.case import NOW, collect

BOTH_COUNTS = Decimal("0.010")


@pytest.fixture
def x() -> Iterator[FakeX]:
    with running(FakeX(now=NOW)) as x:
        yield x


def told(*posts: int, first: date = date(2026, 11, 20)) -> Answer:
    """As the API's description has it: numbers are strings, days are instants."""
    days = [{"date": f"{first + timedelta(n)}T00:00:00.000Z", "usage": str(count)} for n, count in enumerate(posts)]
    return Answer({"data": {"daily_project_usage": {"project_id": "1", "usage": days}, "project_cap": "3000000"}})


def spent(tmp_path: Path) -> dict[str, Decimal]:
    return {one.month: one.spent_usd for one in read_health(tmp_path / "home", NOW).spent}


def test_what_x_counted_beyond_our_ledger_is_taken_as_spent(x: FakeX, tmp_path: Path) -> None:
    x.usage = told(30, 10)
    collect(x, tmp_path)
    assert spent(tmp_path) == {"2026-11": BOTH_COUNTS + 40 * Decimal("0.005")}
    [usage] = read_health(tmp_path / "home", NOW).usage
    assert tell_usage(usage) == (
        "X counted 40 posts read in 2026-11 (2026-11-21 01:00 UTC), our ledger 0: "
        "40 more, counted against the budget as 0.20 USD"
    )


def test_it_is_counted_once_however_often_x_says_it(x: FakeX, tmp_path: Path) -> None:
    x.usage = told(40)
    collect(x, tmp_path)
    collect(x, tmp_path, force=True)
    assert spent(tmp_path) == {"2026-11": 2 * BOTH_COUNTS + 40 * Decimal("0.005")}


def test_beyond_the_budget_nothing_more_is_asked(x: FakeX, tmp_path: Path) -> None:
    x.usage = told(5000)
    collect(x, tmp_path)
    asked = len(x.asked)
    collected = collect(x, tmp_path, force=True)
    assert (len(x.asked), list(collected.unbought)) == (asked, ["x-counts-ada", "x-counts-bob"])


def test_days_of_another_month_are_not_counted(x: FakeX, tmp_path: Path) -> None:
    x.usage = told(500, first=date(2026, 10, 31))
    collect(x, tmp_path)
    assert spent(tmp_path) == {"2026-11": BOTH_COUNTS}


@pytest.mark.parametrize(
    "usage",
    [
        None,
        problem(403, "client-forbidden", "no"),
        problem(429, "rate-limit-exceeded", "slow down"),
        Answer({}, 503),
        Answer(b"<html>"),
        Answer({}),
        Answer({"data": {"daily_project_usage": {"usage": None}}}),
        Answer({"data": {"daily_project_usage": {"usage": [{"date": "soon", "usage": "many"}, {"date": None}]}}}),
        Answer({"errors": [{"detail": "no"}]}),
    ],
)
def test_where_x_does_not_say_nothing_changes_and_nothing_fails(x: FakeX, tmp_path: Path, usage: Answer | None) -> None:
    x.usage = usage
    collected = collect(x, tmp_path)
    assert (len(x.usage_asked), collected.failed, collected.unbought) == (1, {}, {})
    assert spent(tmp_path) == {"2026-11": BOTH_COUNTS}


@pytest.mark.parametrize(
    "daily",
    [
        {"project_id": "1", "usage": [{"date": "2026-11-20T00:00:00.000Z", "usage": "7"}]},
        [{"project_id": 1, "usage": [{"date": "2026-11-20T00:00:00.000Z", "usage": 7}]}],
        [{"date": "2026-11-20", "usage": 7}],
    ],
)
def test_usage_is_read_however_it_is_nested(daily: Any) -> None:
    assert read_usage({"data": {"daily_project_usage": daily}}) == {date(2026, 11, 20): 7}
