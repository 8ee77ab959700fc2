"""The purse: nobody overspends, whoever dies and however many spend at once."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.errors import BudgetExhausted
from flows.state import open_state
from flows.x.purse import SCHEMA, Purse, spent_by_month

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CENT = Decimal("0.01")


def purse_of(home: Path, budget: str = "0.05", now: datetime = NOW) -> Purse:
    return Purse(open_state(home, SCHEMA), "race", Decimal(budget), lambda: now)


def test_a_request_that_could_cost_more_than_is_left_is_not_sent(tmp_path: Path) -> None:
    purse = purse_of(tmp_path, "0.025")
    purse.reserve(CENT, "/2/tweets/counts/all")
    purse.reserve(CENT, "/2/tweets/counts/all")
    with pytest.raises(BudgetExhausted, match=r"could cost \$0.01, and \$0.005 of the \$0.025 for 2026-11"):
        purse.reserve(CENT, "/2/tweets/counts/all")


def test_what_an_answer_did_not_cost_may_be_spent_again(tmp_path: Path) -> None:
    purse = purse_of(tmp_path, "0.01")
    purse.settle(purse.reserve(CENT, "/2/tweets/counts/all"), Decimal(0))
    purse.reserve(CENT, "/2/tweets/counts/all")
    assert purse.take_cost() == CENT


def test_a_process_that_died_leaves_its_worst_case_spent(tmp_path: Path) -> None:
    purse_of(tmp_path).reserve(Decimal("0.05"), "/2/tweets/search/recent")
    assert purse_of(tmp_path).left_usd() == 0


def test_the_next_month_has_a_budget_of_its_own(tmp_path: Path) -> None:
    purse_of(tmp_path).reserve(Decimal("0.05"), "/2/tweets/search/recent")
    december = purse_of(tmp_path, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert december.left_usd() == Decimal("0.05")


def test_a_run_that_outlasts_the_month_spends_in_the_next_one(tmp_path: Path) -> None:
    hours = iter([23, 24, 24, 24])
    eve = datetime(2026, 11, 30, tzinfo=UTC)
    purse = Purse(open_state(tmp_path, SCHEMA), "race", CENT, lambda: eve + timedelta(hours=next(hours)))
    purse.reserve(CENT, "/2/tweets/counts/all")
    purse.settle(purse.reserve(CENT, "/2/tweets/counts/all"), CENT)
    assert spent_by_month(open_state(tmp_path, SCHEMA), "race") == {"2026-11": CENT, "2026-12": CENT}


def test_what_is_set_apart_is_told_by_no_attempt_until_it_is_paid(tmp_path: Path) -> None:
    purse = purse_of(tmp_path)
    apart = purse.set_apart(Decimal("0.03"), "/2/tweets/search/stream")
    assert (purse.take_cost(), purse.left_usd()) == (Decimal(0), Decimal("0.02"))
    purse.settle(apart, CENT)
    assert (purse.take_cost(), purse.left_usd()) == (CENT, Decimal("0.04"))


def test_a_lost_ledger_is_restored_from_what_landed(tmp_path: Path) -> None:
    purse = purse_of(tmp_path)
    purse.restore(Decimal("0.045"))
    purse.restore(Decimal("0.045"))
    assert purse.left_usd() == Decimal("0.005")


def _spend_until_refused(home: Path, spent: "multiprocessing.Queue[int]") -> None:
    purse = purse_of(home, "0.50")
    count = 0
    try:
        while True:
            purse.reserve(CENT, "/2/tweets/counts/all")
            count += 1
    except BudgetExhausted:
        spent.put(count)


def test_processes_at_once_spend_no_more_than_there_is(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    spent: multiprocessing.Queue[int] = context.Queue()
    spenders = [context.Process(target=_spend_until_refused, args=(tmp_path, spent)) for _ in range(3)]
    for spender in spenders:
        spender.start()
    assert sum(spent.get(timeout=60) for _ in spenders) == 50
    for spender in spenders:
        spender.join()
    assert spent_by_month(open_state(tmp_path, SCHEMA), "race") == {"2026-11": Decimal("0.5")}


def purses_under(home: Path, cap: str, *campaigns: str) -> list[Purse]:
    state = open_state(home, SCHEMA)
    return [Purse(state, name, Decimal(1), lambda: NOW, cap_usd=Decimal(cap)) for name in campaigns]


def test_all_campaigns_of_a_home_together_stay_under_the_cap(tmp_path: Path) -> None:
    ours, theirs = purses_under(tmp_path, "0.03", "race", "other")
    ours.settle(ours.reserve(CENT, "/2/tweets/counts/all"), CENT)
    theirs.reserve(CENT, "/2/tweets/counts/all")
    assert (ours.left_usd(), theirs.left_usd()) == (CENT, CENT)
    ours.reserve(CENT, "/2/tweets/counts/all")
    with pytest.raises(
        BudgetExhausted, match=r"\$0 of the \$0.03 for 2026-11 are left to all campaigns .* AFTERDEBATE_X_CAP"
    ):
        theirs.reserve(CENT, "/2/tweets/counts/all")


def test_under_a_cap_a_stream_is_granted_no_more_posts_than_are_left_to_all(tmp_path: Path) -> None:
    ours, theirs = purses_under(tmp_path, "0.03", "race", "other")
    apart = ours.set_apart(CENT, "/2/tweets/search/stream")
    theirs.reserve(CENT, "/2/tweets/counts/all")
    assert ours.extend(apart, CENT, 5) == 1


def test_a_cap_begins_anew_with_the_month(tmp_path: Path) -> None:
    [ours] = purses_under(tmp_path, "0.01", "race")
    ours.reserve(CENT, "/2/tweets/counts/all")
    december = Purse(
        open_state(tmp_path, SCHEMA), "b", Decimal(1), lambda: datetime(2026, 12, 1, tzinfo=UTC), cap_usd=CENT
    )
    december.reserve(CENT, "/2/tweets/counts/all")
