"""The plan: what X would be asked and what it costs at worst, before any call."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from connectors.x.prices import shipped_prices
from flows.x.plan import PlanRow, most_usd, plan_x
from tests.flows.x.case import EVENTS, TOML, campaign_of

_OFTEN = "daily; hourly in the day after an event; every 5 minutes while it is live"
EVE = datetime(2026, 11, 17, tzinfo=UTC)


def plan(tmp_path: Path, toml: str = TOML, events: str = EVENTS, now: datetime = EVE, **more: bool) -> list[PlanRow]:
    return plan_x(
        campaign_of(tmp_path, toml, events), now, prices=shipped_prices(), **{"is_full_archive": False, **more}
    )


def test_a_season_of_counts_costs_half_a_cent_a_question(tmp_path: Path) -> None:
    # At 0:00 on 18, 19 and 20 November; every 5 minutes from the 20th 0:45 to 5:00, an hour after its usual end; hourly
    # from 6:00 to the 22nd 0:00 (the day after counts as well); at 0:00 on the 23rd to the 30th; once more at the end.
    [ada, bob] = plan(tmp_path)
    assert (ada.source_id, ada.when) == ("x-counts-ada", _OFTEN)
    assert ada.requests == 3 + 51 + 43 + 8 + 1
    assert ada.most_usd == Decimal("0.005") * 106
    assert most_usd([ada, bob]) == Decimal("1.06")


def test_a_past_season_is_a_page_a_month_from_the_full_archive(tmp_path: Path) -> None:
    [ada, _] = plan(tmp_path, now=datetime(2027, 6, 1, tzinfo=UTC), is_full_archive=True)
    assert (ada.when, ada.requests, ada.most_usd) == ("once", 1, Decimal("0.01"))


def test_a_past_season_without_the_full_archive_is_not_asked(tmp_path: Path) -> None:
    [ada, _] = plan(tmp_path, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert (ada.requests, ada.most_usd) == (0, Decimal(0))
    assert ada.note == "older than 7 days: needs AFTERDEBATE_X_FULL_ARCHIVE"


def test_a_sample_costs_its_bound(tmp_path: Path) -> None:
    sample = plan(tmp_path, TOML + "posts_per_event = 400\n")[-1]
    assert (sample.source_id, sample.most_posts, sample.most_usd) == ("x-posts (debate-1)", 400, Decimal(2))


def test_a_rally_is_not_sampled_and_the_term_is_named(tmp_path: Path) -> None:
    rally = plan(tmp_path, TOML + "posts_per_event = 400\n", EVENTS.replace("1,debate", "1,rally"))[-1]
    assert (rally.when, rally.most_usd, rally.note) == ("never", None, "X's terms forbid monitoring rallies")


def test_a_refused_query_costs_nothing_and_says_why(tmp_path: Path) -> None:
    toml = TOML.replace('aliases = ["Quill"]', 'aliases = ["Quill"]\nx_query = "Quill protest"')
    ada = plan(tmp_path, toml)[0]
    assert ada.most_usd is None
    assert "'protest' is not asked" in ada.note


def test_own_accounts_are_priced_by_a_guess_that_says_so(tmp_path: Path) -> None:
    toml = TOML.replace('aliases = ["Quill"]', 'aliases = ["Quill"]\naccounts = { x = ["AdaQuill"] }')
    own = plan(tmp_path, toml)[2]
    assert (own.what, own.most_posts, own.most_usd) == ("own posts of @AdaQuill", 260, Decimal("1.31"))
    assert "a guess" in own.note


def test_a_stream_may_cost_the_whole_budget_and_the_plan_says_so(tmp_path: Path) -> None:
    stream = plan(tmp_path, TOML + "stream = true\n")[-1]
    assert (stream.source_id, stream.when) == ("x-stream", "2026-11-20 00:00 to 2026-11-20 05:00 UTC")
    assert (stream.most_posts, stream.most_usd) == (1000, Decimal("5.0"))


def test_a_campaign_without_x_asks_nothing(tmp_path: Path) -> None:
    assert plan(tmp_path, TOML.replace("[x]\nbudget_usd = 5.0\n", "")) == []
