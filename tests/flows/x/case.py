"""A campaign, a clock and a server for the tests of what is collected from X."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.settings import Settings
from flows.x.collect import collect_x_once
from tests.doubles.x_server import FakeX

DEBATE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
NOW = DEBATE + timedelta(days=1)
TOKEN = "secret-token"
TOML = """
id = "race"
title = "A race"
timezone = "UTC"
currency = "USD"
start = 2026-11-18
end = 2026-11-30
[[candidates]]
id = "ada"
name = "Ada Quill"
aliases = ["Quill"]
[[candidates]]
id = "bob"
name = "Bob Stone"
aliases = ["Stone"]
[x]
budget_usd = 5.0
"""
EVENTS = """\
event_id,event_kind,title,starts_at,ends_at,timezone,channels,participants,audience_millions,scope,territory,held,source_url
debate-1,debate,A debate,2026-11-20T01:00:00Z,,,,,,,,,
"""


class Waits:
    """A pause that only remembers."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def campaign_of(tmp_path: Path, toml: str = TOML, events: str = EVENTS) -> Campaign:
    folder = tmp_path / "race"
    folder.mkdir(exist_ok=True)
    (folder / "campaign.toml").write_text(toml)
    (folder / "events.csv").write_text(events)
    return read_campaign(folder)


def collect(
    x: FakeX, tmp_path: Path, now: datetime = NOW, *, toml: str = TOML, events: str = EVENTS, **options: Any
) -> Collected:
    settings = Settings(home=tmp_path / "home", x_bearer_token=TOKEN, x_api_url=x.url, author_key="a key")
    x.now = now
    return collect_x_once(campaign_of(tmp_path, toml, events), settings, now, **{"pause": Waits(), **options})


def rows(tmp_path: Path, table: str) -> list[dict[str, Any]]:
    """What landed, in the order in which it did."""
    files = sorted((tmp_path / "home" / "landing" / table).glob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
