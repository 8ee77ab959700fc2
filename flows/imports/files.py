"""Imports what people drop into a campaign's folders: gifts, archives of posts, polls; each by its own reader."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from connectors.campaign.models import Campaign
from flows.collected import Collected, Tell, say_nothing
from flows.imports.archives.post_files import archive_files
from flows.imports.archives.posts import import_posts_once
from flows.imports.donation_files import given_files
from flows.imports.donations import import_donations_once
from flows.imports.polls import import_polls_once, poll_files
from flows.settings import Settings


def import_files_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    paths: Sequence[Path] = (),
    *,
    tell: Tell = say_nothing,
    settle_s: float = 0,
) -> Collected:
    """Import every declared file, or the given ones, whose content is not yet imported.

    Declared files of gifts and polls that changed within the last `settle_s` seconds wait for the next time.
    """
    given = given_files(paths)
    archives = [path for path in given if any(archive_files(campaign, config, [path]) for config in campaign.archives)]
    polls = [path for path in given if any(poll_files(campaign, config, [path]) for config in campaign.polls)]
    others = [path for path in given if path not in (*archives, *polls)]
    collected = Collected()
    if campaign.archives and (archives or not paths):
        collected.add(import_posts_once(campaign, settings, now, archives, tell=tell))
    if campaign.polls and (polls or not paths):
        collected.add(import_polls_once(campaign, settings, now, polls, tell=tell, settle_s=settle_s))
    if campaign.series and (others or not paths):
        collected.add(import_donations_once(campaign, settings, now, others, tell=tell, settle_s=settle_s))
    elif others:
        collected.failed.update({str(path): f"{path}: the campaign declares no source for it" for path in others})
    elif not campaign.archives and not campaign.polls:
        collected.notes.append("the campaign declares no donation source, no sign-ups, no archive and no polls")
    return collected
