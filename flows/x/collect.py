"""Collect from X what is due: counts first, then the candidates' own accounts, then a sample around each event."""

import time
from collections.abc import Callable
from datetime import datetime

from connectors.campaign.models import Campaign, XConfig
from connectors.x.errors import CredentialsRefused
from flows.clock import RunClock
from flows.collected import Collected, Tell, say_nothing
from flows.only_one import only_one
from flows.settings import Settings
from flows.x.counts.collect import count_candidates
from flows.x.open import opened_run
from flows.x.own_posts import collect_own_accounts
from flows.x.reconcile import reconcile_usage
from flows.x.run import XRun
from flows.x.samples import sample_events
from flows.x.state import forget_failures, remember_failure, rests_until


def collect_x_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    rests: bool = False,
    tell: Tell = say_nothing,
    full_archive: bool | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Ask X for what is due, land what came, and say what did not.

    `full_archive`: may spans older than 7 days be asked for; None leaves it to the settings. A source that fails does
    not stop the others, unless X refuses the credentials. With `rests`, X is left alone for a while after a run that
    failed: a clock asks each minute, and every failure is a line of the ledger. A spent budget is no failure: see
    `Collected.unbought`.
    """
    x = campaign.x
    if x is None:
        return Collected(notes=["X: nothing is asked (the campaign has no [x] table)"])
    with only_one(settings.home, f"x-collect-{campaign.id}") as is_alone:
        if not is_alone:
            return Collected(notes=[f"X: nothing is asked, another process of this home asks for {campaign.id}"])
        # The clock goes on: a run that waits past the end of a month spends in the next.
        with opened_run(campaign, settings, now, clock=RunClock(now=now).instant, tell=tell, pause=pause) as run:
            if rests and not force and (until := rests_until(run.state, campaign.id)) and now < until:
                return Collected(notes=[f"X: failed lately, asked again at {until:%Y-%m-%d %H:%M} UTC"])
            run.is_forced = force
            run.is_full_archive = settings.x_full_archive if full_archive is None else full_archive
            _ask(run, x)
            if run.collected.failed:
                is_lasting = isinstance(run.stop, CredentialsRefused)
                remember_failure(run.state, campaign.id, now, is_lasting=is_lasting)
            else:
                forget_failures(run.state, campaign.id)
            return run.collected


def _ask(run: XRun, x: XConfig) -> None:
    """Counts first: they cost least and say most."""
    with run.purse.spending_all():
        count_candidates(run, x)
    run.turn_to_next_endpoint()
    if x.own_accounts:
        collect_own_accounts(run)
    run.turn_to_next_endpoint()
    sample_events(run, x)
    reconcile_usage(run)
