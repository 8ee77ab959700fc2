"""The digest of a morning, from what is published: for the command that shows it and the flow that sends it."""

from datetime import datetime

from flows.alerts.once import page_of
from flows.reports.ask import Asker
from flows.reports.campaign_facts import read_facts
from flows.reports.digest import digest
from flows.settings import Settings
from warehouse.publish.reading import read_published


def mornings_digest(settings: Settings, campaign_id: str, language: str | None, now: datetime) -> tuple[str, str]:
    """Subject and text, in the campaign's language unless another is named.

    Raises:
        NothingPublished, NoSuchCampaign: nothing of the campaign is published.
    """
    with read_published(settings.home) as answer:
        facts = read_facts(Asker(answer, campaign_id), language)
        return digest(facts, now, page_of(settings, campaign_id))
