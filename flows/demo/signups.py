"""Synthetic sign-ups for a campaign that wants to see the tables of sign-ups and channels before it has its own.

`python -m flows.demo.signups CAMPAIGN_FOLDER` writes `signups/synthetic.csv` there. Nobody signed up: rows are regular,
with a few more after each event, and the source is to be declared with `synthetic = true`.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign

HEADER = ("signup_id", "signed_up_at", "what", "event_id", "channel", "scope", "territory", "candidate", "person")
_WHAT = ("list", "list", "volunteer", "list", "member", "rsvp")
_HOURS = (8, 11, 13, 18, 20, 21)  # of a local day, every day
_HOURS_AFTER_EVENT = (1, 1, 2, 2, 3, 5, 14, 16, 20)


def synthetic_signups(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    """Rows for the season of the campaign, by time; every id and person begins with `synthetic`."""
    zone = ZoneInfo(campaign.timezone)
    channels = [one.channel for one in campaign.channels] or [""]
    candidates = [one.id for one in campaign.candidates]
    for number, (at, event_id) in enumerate(sorted(_moments(campaign, zone))):
        what = _WHAT[number % len(_WHAT)]
        yield (
            f"synthetic-{number}", f"{at:%Y-%m-%dT%H:%M:%S%z}", what, event_id if what == "rsvp" else "",
            channels[number % len(channels)], "", "", candidates[number % len(candidates)], f"synthetic-{number % 997}",
        )  # fmt: skip


def _moments(campaign: Campaign, zone: ZoneInfo) -> Iterator[tuple[datetime, str]]:
    for day in range((campaign.end - campaign.start).days + 1):
        on: date = campaign.start + timedelta(days=day)
        # A few more on some days than on others, so that there is something to be uncertain of.
        for hour in _HOURS[: 3 + (day * day + day // 3) % 4]:
            yield datetime(on.year, on.month, on.day, hour, (day * 7 + hour) % 60, tzinfo=zone), ""
    for event in campaign.events:
        if event.starts_at is not None and event.is_held:
            for hours in _HOURS_AFTER_EVENT:
                yield event.starts_at.astimezone(zone) + timedelta(hours=hours), event.event_id


def main(folder: Path) -> int:
    """Write the file beside the campaign's own; returns 0."""
    path = folder / "signups" / "synthetic.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(synthetic_signups(read_campaign(folder)))
    sys.stdout.write(f"{path}: synthetic sign-ups; declare them with synthetic = true\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
