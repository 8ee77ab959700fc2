"""Small published homes for tests of the pages."""

from datetime import timedelta
from pathlib import Path

from connectors.records import FetchAttempt
from tests.warehouse.homes import FEED, NOW, START_AT, land_campaign, land_ticker, steady_totals
from warehouse.build.run import build
from warehouse.landing.files import land

HOSTILE = "<script>window.hacked = 1</script>\u202eمرحبا\u202c ]]> {{ 7 * 7 }} \" ' --" + "a" * 500


def published(home: Path) -> Path:
    """The home after a build."""
    build(home, NOW, "test", lambda _text: None)
    return home


def hostile_home(home: Path) -> Path:
    """A campaign whose every name and title tries to break the page."""
    land_campaign(home, title=HOSTILE, event_title=HOSTILE, name=HOSTILE)
    land_ticker(home, "first.csv", steady_totals(range(90)))
    return published(home)


def home_of_gaps(home: Path) -> Path:
    """A campaign whose sources were asked in vain, all season long."""
    land_campaign(home)
    attempts = [
        FetchAttempt(
            attempt_id=f"{hours}", source_key=FEED, source_kind="blog", attempted_at=START_AT + timedelta(hours=hours),
            due_at=None, outcome="unavailable", reason="timed out", observed_from_at=None, observed_to_at=None,
            unknown_from_at=None, items=0, http_status=None, requests=1, is_conditional=False, cost_usd=None,
        )
        for hours in range(0, 96, 6)
    ]  # fmt: skip
    land(home, attempts)
    return published(home)
