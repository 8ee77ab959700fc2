"""What the tests of the feed collector share: a small campaign, a run of the collector, what it landed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from connectors.records import FeedState, FetchAttempt
from flows.clock import RunClock
from flows.collected import Collected
from flows.feeds.collect import collect_feeds_once
from flows.feeds.parse import ParseWorkers
from flows.feeds.state import SCHEMA, known_feed
from flows.settings import Settings
from flows.state import open_state
from warehouse.landing.files import read_landed_file

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
_PARSERS = ParseWorkers(1)  # shared, for a worker takes a moment to start; it ends with the tests


def still_at(now: datetime) -> RunClock:
    """A clock that stands: how long a busy machine takes is no part of what is tested."""
    return RunClock(now=now, seconds=lambda: 0.0)


async def no_sleep(_seconds: float) -> None:
    """Time that does not pass."""


def campaign_of(folder: Path, *urls: str, debates: Sequence[datetime] = ()) -> Campaign:
    """A campaign with these feeds and debates."""
    feeds = "".join(f'[[feeds]]\nid = "feed-{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
    head = 'id = "c"\ntitle = "C"\ntimezone = "Europe/Paris"\ncurrency = "EUR"\nstart = 2026-06-01\nend = 2026-08-01\n'
    (folder / "campaign.toml").write_text(head + '[[candidates]]\nid = "a"\nname = "Anne A"\n' + feeds)
    events = "".join(f"d{n},debate,Debate,{at.isoformat()}\n" for n, at in enumerate(debates))
    (folder / "events.csv").write_text(f"event_id,event_kind,title,starts_at\n{events}")
    return read_campaign(folder)


def collect(
    tmp_path: Path,
    now: datetime,
    *urls: str,
    allow_private_hosts: bool = True,
    host_gap_s: float = 0,
    debates: Sequence[datetime] = (),
    **more: Any,
) -> Collected:
    """One run over these feeds, with nobody waiting for real."""
    home = tmp_path / "home"
    settings = Settings(home=home, allow_private_hosts=allow_private_hosts, host_gap_s=host_gap_s, _env_file=None)
    return collect_feeds_once(
        campaign_of(tmp_path, *urls, debates=debates),
        settings,
        now,
        **{"sleep": no_sleep, "parsers": _PARSERS, "clock": still_at(now), **more},
    )


def landed(tmp_path: Path, table: str) -> list[dict[str, Any]]:
    """The landed rows of a table."""
    files = (tmp_path / "home" / "landing" / table).glob("*.parquet")
    return [row for file in files for row in read_landed_file(file)]


def attempts(tmp_path: Path) -> list[dict[str, Any]]:
    """The attempts so far, in their order."""
    return sorted(landed(tmp_path, FetchAttempt.TABLE), key=lambda row: row["attempted_at"])


def state_of(tmp_path: Path, url: str) -> FeedState:
    """What the collector remembers of a feed."""
    feed = known_feed(open_state(tmp_path / "home", SCHEMA), url)
    assert feed is not None
    return feed
