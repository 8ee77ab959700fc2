"""A campaign, a clock and a Jetstream for the tests of what is heard of Bluesky."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.campaign.models import Campaign
from flows.bluesky.stream import follow_bluesky_once
from flows.collected import Collected
from flows.settings import Settings
from tests.doubles.jetstream_server import FakeJetstream
from tests.flows.x.case import Waits, campaign_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
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
aliases = ["Ada Quill", "Quill"]
accounts = { bluesky = ["ada.example.org"] }
[[candidates]]
id = "bob"
name = "Bob Stone"
aliases = ["Bob Stone"]
[bluesky]
stream = true
"""


def race(tmp_path: Path, toml: str = TOML) -> Campaign:
    return campaign_of(tmp_path, toml, "event_id,event_kind,title,starts_at\n")


def settings_of(tmp_path: Path, server: FakeJetstream) -> Settings:
    return Settings(
        home=tmp_path / "home",
        author_key="a key",
        bluesky_stream_url=server.stream_url,
        bluesky_api_url=server.api_url,
        allow_private_hosts=True,
    )


class Ticking:
    """A clock that goes on by a second whenever it is looked at: no test waits."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def catch_up(tmp_path: Path, server: FakeJetstream, now: datetime = NOW, toml: str = TOML) -> Collected:
    """Follow until all that the server kept has come."""
    settings = settings_of(tmp_path, server)
    return follow_bluesky_once(race(tmp_path, toml), settings, None, Ticking(now), pause=Waits())
