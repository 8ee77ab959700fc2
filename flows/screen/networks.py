"""What the open networks and imported ones can and cannot answer: for `check` and `plan`."""

from collections.abc import Iterator
from typing import NamedTuple

from connectors.campaign.facts import server_source_id
from connectors.campaign.models import Campaign
from connectors.campaign.networks import hashtags_of


class NetworkAnswer(NamedTuple):
    """One source of an open network: what it answers, what not, and when it is read."""

    source_id: str
    source_kind: str
    can: str
    cannot: str
    when: str


def network_answers(campaign: Campaign) -> Iterator[NetworkAnswer]:
    """Every source of the open networks that the campaign declares."""
    if campaign.bluesky is not None:
        if campaign.bluesky.stream:
            yield NetworkAnswer(
                "bluesky-stream",
                "bluesky",
                "posts that name a candidate, counted whole while the stream is followed; an outage of up to a day or "
                "so is made up for",
                "what was posted before the stream was first followed; reposts and likes",
                "without a pause under `up`, else at each run",
            )
        yield from _own(campaign, "bluesky", wanted=campaign.bluesky.own_accounts)
    if campaign.mastodon is not None:
        tags = hashtags_of(alias for one in campaign.candidates for alias in one.aliases)
        for server in campaign.mastodon.servers:
            yield NetworkAnswer(
                server_source_id(server),
                "mastodon",
                f"posts under {', '.join(f'#{tag}' for tag in tags[:5])}{' ...' if len(tags) > len(tags[:5]) else ''} "
                "that this server knows, past ones too",
                "posts that name a candidate without a hashtag, or that never reached this server",
                "hourly, every 5 minutes while an event is live",
            )
        yield from _own(campaign, "mastodon", wanted=campaign.mastodon.own_accounts)


def _own(campaign: Campaign, network: str, *, wanted: bool) -> Iterator[NetworkAnswer]:
    for candidate in campaign.candidates if wanted else ():
        if accounts := candidate.accounts.get(network):
            yield NetworkAnswer(
                f"{network}-own-{candidate.id}",
                f"{network}_own",
                f"own posts of {', '.join(accounts)} since the season began",
                "what was deleted before it was read",
                "hourly, every 5 minutes while an event is live",
            )
