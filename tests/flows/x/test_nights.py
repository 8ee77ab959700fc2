"""How often posts are counted while a debate is live, and the money that is set aside for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.errors import BudgetExhausted
from connectors.x.prices import shipped_prices
from flows.settings import Settings
from flows.state import open_state
from flows.x.collect import collect_x_once
from flows.x.nights import is_due, night_wait, set_aside_usd, wait_to_count
from flows.x.purse import SCHEMA, Purse
from flows.x.spans import Progress
from tests.doubles.x_server import FakeX, running
from tests.flows.x.case import DEBATE, EVENTS, TOML, campaign_of, collect

MINUTE = timedelta(minutes=1)
PRICES = shipped_prices()
EVE = datetime(2026, 11, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("budget", "minutes"),
    [
        ("5.0", 5),  # a round of two queries costs a cent; 255 minutes of live phase
        ("0.20", 26),  # half of it pays ten rounds
        ("0.02", 60),  # never seldomer than in the day after
    ],
)
def test_a_small_budget_counts_seldomer_on_the_night(tmp_path: Path, budget: str, minutes: int) -> None:
    campaign = campaign_of(tmp_path, TOML.replace("5.0", budget))
    assert night_wait(campaign, DEBATE, PRICES) == minutes * MINUTE


def test_counts_are_due_every_five_minutes_while_live_and_every_hour_after(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path)
    assert wait_to_count(campaign, DEBATE - 16 * MINUTE, PRICES) == 24 * 60 * MINUTE
    assert wait_to_count(campaign, DEBATE - 15 * MINUTE, PRICES) == 5 * MINUTE
    assert wait_to_count(campaign, DEBATE + 240 * MINUTE, PRICES) == 60 * MINUTE


def test_a_tick_that_comes_a_moment_early_costs_no_round(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path)
    asked_at = DEBATE + timedelta(seconds=1.4)
    progress = Progress(counted_to_at=DEBATE, asked_at=asked_at)
    assert is_due(campaign, progress, DEBATE + 5 * MINUTE + timedelta(seconds=0.6), PRICES)
    assert not is_due(campaign, progress, DEBATE + 4 * MINUTE, PRICES)


def test_what_the_night_costs_is_set_aside_until_it_is_over(tmp_path: Path) -> None:
    campaign = campaign_of(tmp_path)
    assert set_aside_usd(campaign, EVE, PRICES) == Decimal("0.51")
    assert set_aside_usd(campaign, DEBATE + 235 * MINUTE, PRICES) == Decimal("0.01")
    assert set_aside_usd(campaign, DEBATE + 240 * MINUTE, PRICES) == 0
    assert set_aside_usd(campaign, datetime(2026, 10, 31, tzinfo=UTC), PRICES) == 0  # another month's budget


def test_a_rally_and_a_cancelled_debate_set_nothing_aside(tmp_path: Path) -> None:
    rally = campaign_of(tmp_path, events=EVENTS.replace(",debate,", ",rally,"))
    assert set_aside_usd(rally, EVE, PRICES) == 0
    assert wait_to_count(rally, DEBATE, PRICES) == 24 * 60 * MINUTE


def test_posts_cannot_spend_what_the_counts_of_the_night_need(tmp_path: Path) -> None:
    purse = Purse(open_state(tmp_path, SCHEMA), "race", Decimal("1.00"), lambda: EVE)
    purse.keep_back(Decimal("0.51"))

    assert purse.left_usd() == Decimal("0.49")
    with pytest.raises(BudgetExhausted, match=r"beside \$0\.51 for counts on live nights"):
        purse.reserve(Decimal("0.50"), "/2/tweets/search/recent")
    with purse.spending_all():
        purse.reserve(Decimal("0.005"), "/2/tweets/counts/recent")


def test_a_night_is_counted_every_five_minutes_of_a_tick_a_minute_and_costs_what_was_set_aside(tmp_path: Path) -> None:
    begins, ends = DEBATE - 15 * MINUTE, DEBATE + 240 * MINUTE
    with running(FakeX(now=begins, posted_at={"Quill": [], "Stone": []})) as x:
        collect(x, tmp_path, begins - 60 * MINUTE)
        before = len(x.asked)
        ticks = (begins + minute * MINUTE + timedelta(seconds=minute % 3) for minute in range(255))
        for at in ticks:
            collect(x, tmp_path, at, rests=True)
        counted = [asked for asked in x.asked[before:] if asked.path.endswith("/counts/recent")]

    assert len(counted) == 2 * 51  # two candidates, 255 minutes
    assert len(counted) * Decimal("0.005") == set_aside_usd(campaign_of(tmp_path), EVE, PRICES)
    assert ends - begins == 255 * MINUTE


def test_a_token_that_is_missing_is_told_once_an_hour_and_not_each_minute(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", _env_file=None)
    campaign = campaign_of(tmp_path)
    failures = 0
    for minute in range(121):
        failures += bool(collect_x_once(campaign, settings, DEBATE + minute * MINUTE, rests=True).failed)

    assert failures == 3
