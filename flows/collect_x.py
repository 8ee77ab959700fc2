"""Collect from X what is due: counts first, then the candidates' own accounts, then a sample around each event."""

import time
from collections.abc import Callable
from datetime import datetime

from connectors.campaign import Campaign
from connectors.x_errors import TOKEN_NAME, CredentialsRefused
from connectors.x_session import open_client
from flows import x_purse, x_state
from flows.collected import Collected, Tell, say_nothing
from flows.count_posts import count_candidates
from flows.keys import author_hash, author_key
from flows.own_posts import collect_own_accounts
from flows.sample_posts import sample_events
from flows.settings import Settings
from flows.state import open_state
from flows.x_run import XRun


def collect_x_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    tell: Tell = say_nothing,
    full_archive: bool | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Ask X for what is due, land what came, and say what did not.

    `full_archive`: may spans older than 7 days be asked for; None leaves it to the settings. A source that fails does
    not stop the others, unless X refuses the credentials. A spent budget is no failure: see `Collected.unbought`.
    """
    if campaign.x is None:
        return Collected(notes=["X: nothing is asked (the campaign has no [x] table)"])
    token = settings.x_bearer_token.get_secret_value().strip() if settings.x_bearer_token else ""
    no_token = CredentialsRefused(f"X: {TOKEN_NAME} is not set. Mend: put it into the environment or into .env")
    state = open_state(settings.home, x_state.SCHEMA + x_purse.SCHEMA)
    purse = x_purse.open_purse(state, campaign.id, campaign.x.budget_usd, settings.home, now)
    run = XRun(
        campaign=campaign,
        settings=settings,
        now=now,
        state=state,
        client=open_client(token, settings.x_api_url, purse, lambda: now),
        purse=purse,
        pause=pause,
        tell=tell,
        is_full_archive=settings.x_full_archive if full_archive is None else full_archive,
        is_forced=force,
        hash_author=author_hash(author_key(settings, tell)),
        stop=None if token else no_token,
    )
    try:
        count_candidates(run, campaign.x)
        run.turn_to_next_endpoint()
        if campaign.x.own_accounts:
            collect_own_accounts(run)
        run.turn_to_next_endpoint()
        sample_events(run, campaign.x)
    finally:
        run.client.session.close()
        state.close()
    return run.collected
