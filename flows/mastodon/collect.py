"""Collect from Mastodon: the candidates' own accounts, and the roster's hashtags on the named servers."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from connectors.campaign.facts import server_source_id
from connectors.campaign.models import Campaign, CandidateConfig
from connectors.campaign.networks import MastodonConfig, hashtags_of
from connectors.handles import plain_author
from connectors.mastodon.timelines import account_path, ask_for_statuses, find_account, tag_path
from flows.clock import RunClock
from flows.collected import Collected, Tell, say_nothing
from flows.networks.attempts import PostSource
from flows.networks.run import NetworkRun, opened_network_run
from flows.networks.walks import Timeline, WalkedPage, read_source
from flows.networks.walks_state import read_accounts, remember_account
from flows.only_one import only_one
from flows.settings import Settings


def collect_mastodon_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """What came of the accounts and hashtags that are due; a server that fails does not stop the others."""
    mastodon = campaign.mastodon
    if mastodon is None:
        return Collected(notes=["Mastodon: nothing is asked (the campaign has no [mastodon] table)"])
    with only_one(settings.home, f"mastodon-{campaign.id}") as is_alone:
        if not is_alone:
            return Collected(notes=[f"Mastodon: another process of this home asks for {campaign.id}"])
        clock = RunClock(now=now).instant
        opened = opened_network_run(
            "mastodon", campaign, settings, now, clock=clock, tell=tell, pause=pause, is_forced=force
        )
        with opened as run:
            if mastodon.own_accounts:
                _collect_own(run, mastodon)
            _collect_hashtags(run, mastodon)
            run.erase_gone()
            return run.collected


def _collect_own(run: NetworkRun, mastodon: MastodonConfig) -> None:
    for candidate in run.campaign.candidates:
        source = PostSource(run.campaign.id, f"mastodon-own-{candidate.id}", "mastodon_own")
        read_source(run, source, list(_own_timelines(run, source, candidate, mastodon)))


def _own_timelines(
    run: NetworkRun, source: PostSource, candidate: CandidateConfig, mastodon: MastodonConfig
) -> Iterator[Timeline]:
    for account in candidate.accounts.get("mastodon", ()):
        user, _, host = account.partition("@")
        # A server that is declared with its scheme is asked by it.
        server = next((one for one in mastodon.servers if one.endswith(f"://{host}")), host)
        ask = partial(_ask_own, run, source, server, user, plain_author(account))
        yield Timeline(name=account.casefold(), ask_page=ask, is_own=True)


def _ask_own(  # noqa: PLR0917 - bound one after the other, by one caller
    run: NetworkRun, source: PostSource, server: str, user: str, handle: str, max_id: str | None
) -> WalkedPage:
    known = {name: account_id for account_id, name in read_accounts(run.state, run.network).items()}
    account_id = known.get(handle)
    if account_id is None:
        account_id = find_account(run.asker, server, user)
        remember_account(run.state, run.network, handle, account_id)
    return _ask_page(run, source, server, account_path(account_id), max_id, handle)


def _collect_hashtags(run: NetworkRun, mastodon: MastodonConfig) -> None:
    tags = hashtags_of(alias for candidate in run.campaign.candidates for alias in candidate.aliases)
    for server in mastodon.servers:
        source = PostSource(run.campaign.id, server_source_id(server), "mastodon")
        read_source(
            run,
            source,
            [
                Timeline(name=f"#{tag}", ask_page=partial(_ask_tag, run, source, server, tag), is_own=False)
                for tag in tags
            ],
        )


def _ask_tag(run: NetworkRun, source: PostSource, server: str, tag: str, max_id: str | None) -> WalkedPage:
    return _ask_page(run, source, server, tag_path(tag), max_id, None)


def _ask_page(  # noqa: PLR0917 - one caller a kind
    run: NetworkRun, source: PostSource, server: str, path: str, max_id: str | None, handle: str | None
) -> WalkedPage:
    reading = run.reading(source, run.clock())
    page = ask_for_statuses(run.asker, server, path, reading, max_id=max_id, handle=handle)
    return WalkedPage(
        posts=[(post, post.posted_at) for _, post in page.posts],
        set_aside=page.set_aside,
        next_token=page.oldest_id,  # an empty page ends the timeline: servers may send fewer than were asked for
    )
