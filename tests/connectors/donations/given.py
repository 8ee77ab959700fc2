"""A donation source and a file, with only what a test's world cares about said."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.donations.source import DonationFile, DonationSource

NOON = datetime(2020, 11, 4, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def a_source(**said: Any) -> DonationSource:
    usual = {
        "campaign_id": "us-2020",
        "source_id": "gifts",
        "format": "generic",
        "candidate_id": "biden",
        "roster": frozenset({"biden", "trump"}),
        "precision": "instant",
        "timezone": NEW_YORK,
        "campaign_timezone": NEW_YORK,
        "currency": "USD",
    }
    return DonationSource(**{**usual, **said})


def a_file(content: str | bytes, name: str = "gifts.csv") -> DonationFile:
    return DonationFile(name=name, content=content.encode() if isinstance(content, str) else content, known_at=NOON)


def key_of(person: str) -> str:
    return f"key-of-{len(person)}"
