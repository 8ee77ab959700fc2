"""Campaign folders for tests: the smallest good one, and a way to write others."""

from pathlib import Path

HEADER = (
    "event_id,event_kind,title,starts_at,ends_at,timezone,channels,participants,"
    "audience_millions,scope,territory,held,source_url\n"
)
SMALLEST = """\
id = "us-2020"
title = "US general election 2020"
timezone = "America/New_York"
currency = "USD"
start = 2020-09-19
end = 2020-11-03

[[candidates]]
id = "biden"
name = "Joe Biden"
"""


def write_campaign(folder: Path, toml: str = SMALLEST, events: str = "", *, header: str = HEADER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(toml, encoding="utf-8")
    (folder / "events.csv").write_text(header + events, encoding="utf-8")
    return folder
