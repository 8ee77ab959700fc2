"""Facts in, alerts out."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.alerts.rules import Alert, Facts, Seen, Spike, alerts_for
from flows.builds_noted import NotedBuild
from flows.health.read import Health, SourceNow, Spent
from tests.flows.small_campaign import write_small_campaign

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATE = timedelta(minutes=61)


def kinds(alerts: list[Alert]) -> list[str]:
    return [alert.kind for alert in alerts]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """One debate, and X is asked."""
    folder = write_small_campaign(tmp_path)
    with (folder / "campaign.toml").open("a") as file:
        file.write("\n[x]\nbudget_usd = 20.0\n")
    return read_campaign(folder)


def start_of(campaign: Campaign) -> datetime:
    [start] = [event.starts_at for event in campaign.events if event.event_kind == "debate" and event.starts_at]
    return start


def test_a_home_that_is_well_alerts_nobody() -> None:
    assert alerts_for(Health(now=AT), Facts()) == []


def test_a_silent_source_alerts_and_one_that_fails_or_was_dropped_does_not() -> None:
    sources = [
        SourceNow(campaign_id="c", source_id="quiet", outcome="ok", reason="silent: nothing new", is_silent=True),
        SourceNow(campaign_id="c", source_id="failing", outcome="unavailable", reason="timed out", failures=3),
        SourceNow(campaign_id=None, source_id="dropped", outcome="ok", reason="silent: nothing", is_silent=True),
    ]
    assert [alert.cause for alert in alerts_for(Health(now=AT, sources=sources), Facts())] == ["source.silent|c|quiet"]


def test_a_build_that_failed_alerts_and_one_that_runs_does_not() -> None:
    failed = Health(now=AT, build=NotedBuild(AT, AT, "ChecksFailed", is_running=False))
    assert kinds(alerts_for(failed, Facts())) == ["build.failed"]
    assert alerts_for(Health(now=AT, build=NotedBuild(AT, None, None, is_running=True)), Facts()) == []


@pytest.mark.parametrize(
    ("spent", "outcome", "is_told"), [(20, "ok", True), (19, "budget_exhausted", True), (19, "ok", False)]
)
def test_a_budget_alerts_where_it_is_spent_or_did_not_cover_a_request(spent: int, outcome: str, is_told: bool) -> None:
    money = [Spent(campaign_id="c", month="2026-11", spent_usd=Decimal(spent), budget_usd=Decimal(20))]
    sources = [SourceNow(campaign_id="c", source_id="x-counts-ada", outcome=outcome)]
    found = alerts_for(Health(now=AT, spent=money, sources=sources), Facts())
    assert kinds(found) == (["budget.exhausted"] if is_told else [])


@pytest.mark.parametrize(
    ("before", "has_token", "is_told"),
    [
        (timedelta(minutes=60), False, True),
        (timedelta(minutes=1), False, True),
        (timedelta(minutes=60), True, False),
        (LATE, False, False),
        (timedelta(minutes=-1), False, False),
    ],
)
def test_a_debate_within_the_hour_alerts_where_x_has_no_token(
    campaign: Campaign, before: timedelta, has_token: bool, is_told: bool
) -> None:
    health = Health(now=start_of(campaign) - before, campaigns=[campaign])
    assert kinds(alerts_for(health, Facts(has_x_token=has_token))) == (["token.missing"] if is_told else [])


def test_an_event_seen_in_too_small_a_part_alerts() -> None:
    facts = Facts(seen=[Seen("c", "debate", "blog", 0.49), Seen("c", "debate", "press", 0.5)], least_share=0.5)
    [alert] = alerts_for(Health(now=AT), facts)
    assert (alert.kind, alert.subject) == ("coverage.low", "debate/blog")
    assert "49%" in alert.text


def test_a_spike_says_who_when_and_how_many() -> None:
    facts = Facts(spikes=[Spike("c", "ada", "x_counts", "national", AT, 900, 100.2, 12.0)])
    [alert] = alerts_for(Health(now=AT), facts)
    assert alert.cause == "buzz.spiked|c|ada/x_counts/national"
    assert "ada was named 900 times" in alert.text
    assert "100 were expected" in alert.text
