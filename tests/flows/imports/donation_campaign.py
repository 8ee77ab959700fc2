"""A campaign folder with two donation sources, written where a test says."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign

NOON = datetime(2020, 11, 4, 12, tzinfo=UTC)
GIFTS = "donation_id,occurred_at,amount,donor\nd1,2020-09-29 21:05,25,Jane Doe\nd2,2020-09-29 21:06,5,John Roe\n"
TICKER = "observed_at,total\n2020-09-30T01:00Z,100\n2020-09-30T01:15Z,\n2020-09-30T01:30Z,300\n"

_TOML = """
id = "us-2020"
title = "US 2020"
timezone = "America/New_York"
currency = "USD"
start = 2020-09-19
end = 2020-11-03
[[candidates]]
id = "biden"
name = "Joe Biden"
aliases = ["Biden"]
[[donations]]
id = "gifts"
format = "generic"
path = "gifts/*.csv"
candidate = "biden"
precision = "instant"
timezone = "America/New_York"
covers_from = 2020-09-29
covers_to = 2020-09-30
[[donations]]
id = "ticker"
format = "cumulative"
path = "ticker/*.csv"
candidate = "ALL"
precision = "interval"
"""
_EVENT_COLUMNS = (
    "event_id,event_kind,title,starts_at,ends_at,timezone,channels,participants,"
    "audience_millions,scope,territory,held,source_url\n"
)


def a_campaign(folder: Path, toml: str = _TOML) -> Campaign:
    for name in ("gifts", "ticker"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(toml, encoding="utf-8")
    (folder / "events.csv").write_text(_EVENT_COLUMNS, encoding="utf-8")
    return read_campaign(folder)


def with_other_zone(folder: Path) -> Campaign:
    """The same campaign, whose gifts turn out to be written in Chicago's time."""
    zone = 'precision = "instant"\ntimezone = "America/{}"'
    return a_campaign(folder, _TOML.replace(zone.format("New_York"), zone.format("Chicago")))


def without_zone(folder: Path) -> Campaign:
    """The same campaign, whose gifts declare no zone."""
    return a_campaign(
        folder, _TOML.replace('precision = "instant"\ntimezone = "America/New_York"', 'precision = "instant"')
    )


def with_fec(folder: Path, *, precision: str = "day", committees: bool = False) -> Campaign:
    """A campaign with one source of FEC files; `committees`: its candidates declare theirs."""
    (folder / "fec").mkdir(parents=True, exist_ok=True)
    toml = _TOML.split("[[donations]]", maxsplit=1)[0]
    if committees:
        toml += 'accounts = { fec = ["C00703975"] }\n'
    toml += f'[[donations]]\nid = "fec"\nformat = "fec-schedule-a"\npath = "fec/*.csv"\nprecision = "{precision}"\n'
    return a_campaign(folder, toml + ("" if committees else 'candidate = "biden"\n'))


def with_every_format(folder: Path) -> Campaign:
    """A campaign with a source of each format that knows givers."""
    toml = _TOML.split("[[donations]]", maxsplit=1)[0]
    for name in ("fec", "generic", "actblue", "helloasso"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        toml += f'[[donations]]\nid = "{name}"\npath = "{name}/*.csv"\ncandidate = "biden"\n'
        if name == "fec":
            toml += 'format = "fec-schedule-a"\nprecision = "day"\n'
        else:
            toml += f'format = "{name}"\nprecision = "instant"\ntimezone = "America/New_York"\n'
    return a_campaign(folder, toml)
