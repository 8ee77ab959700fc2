"""What the reader of polls is told about a declared source, and by which hash that is known again."""

import hashlib

from connectors.campaign.models import Campaign, PollConfig
from connectors.polls.source import PollSource


def poll_source(campaign: Campaign, config: PollConfig) -> PollSource:
    """What the reader is told about one declared source."""
    return PollSource(
        campaign_id=campaign.id,
        source_id=config.id,
        roster=frozenset(candidate.id for candidate in campaign.candidates),
        columns={str(word): header for word, header in config.columns.items()},
        candidate_columns=dict(config.candidate_columns),
        unit=config.unit,
        dates=config.dates,
        territory=config.territory,
    )


def poll_reading_hash(campaign: Campaign, config: PollConfig) -> str:
    """A hash of all that decides how a file is read: where it changes, the file is read anew."""
    source = poll_source(campaign, config)
    told = (
        sorted(source.roster),
        sorted(source.columns.items()),
        sorted(source.candidate_columns.items()),
        source.unit,
        source.dates,
        source.territory,
        (config.covers_from, config.covers_to, campaign.timezone),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
