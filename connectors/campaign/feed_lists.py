"""Lists of feeds that campaigns share: OPML in, the feeds of a campaign out."""

from pathlib import Path

from pydantic import ValidationError

from connectors.campaign.fault_texts import TOML_EXAMPLES, explain
from connectors.campaign.models import Campaign, FeedConfig
from connectors.campaign.toml import Place
from connectors.campaign.values import without_user
from connectors.errors import CampaignFault, Fault
from connectors.feeds.opml import OpmlFault, Outline, read_opml


def listed_feeds(path: Path) -> list[FeedConfig]:
    """The feeds of an OPML file.

    Raises:
        CampaignFault: it cannot be read, or a feed of it cannot be one of a campaign.
    """
    try:
        outlines = read_opml(path.read_bytes())
    except OpmlFault as error:
        mend = "export the list again from a feed reader, as OPML"
        raise CampaignFault([Fault(file=path, line=error.line, fault=str(error), mend=mend)]) from error
    feeds, faults = [], []
    for outline in outlines:
        try:
            feeds.append(FeedConfig.model_validate({"url": outline.url, **outline.settings}))
        except ValidationError as error:
            faults += _faults_of(path, outline, error)
    if faults:
        raise CampaignFault(faults)
    return feeds


def _faults_of(path: Path, outline: Outline, error: ValidationError) -> list[Fault]:
    def tell(_place: Place, fault: str, mend: str) -> Fault:
        return Fault(file=path, line=outline.line, fault=f"{without_user(outline.url)}: {fault}", mend=mend)

    return explain(error, tell, TOML_EXAMPLES, {"": FeedConfig.model_fields})


def outlines_of(campaign: Campaign) -> list[Outline]:
    """The feeds of a campaign as a list to exchange."""
    return [
        Outline(feed.url, feed.id, feed.model_dump(exclude={"url", "synthetic"}, exclude_none=True), 0)
        for feed in campaign.feeds
    ]


def with_listed(own: tuple[FeedConfig, ...], path: Path) -> tuple[FeedConfig, ...]:
    """The campaign's own feeds, then those of the shared list; where both name a URL, the campaign's settings hold.

    Raises:
        CampaignFault: the list cannot be read, or gives one id to two URLs.
    """
    urls = {feed.url for feed in own}
    feeds = [*own, *(feed for feed in listed_feeds(path) if feed.url not in urls)]
    by_id: dict[str, FeedConfig] = {}
    for feed in feeds:
        if by_id.setdefault(feed.id, feed) is not feed:
            fault = f"{feed.url} and {by_id[feed.id].url} have the same id {feed.id!r}"
            raise CampaignFault([Fault(file=path, line=None, fault=fault, mend="give one of them an id of its own")])
    return tuple(feeds)
