"""Opens a run against X: client, purse, state and keys of one campaign."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from sqlite3 import Connection

from connectors.campaign.models import Campaign
from connectors.records import FetchAttempt
from connectors.x.errors import TOKEN_NAME, CredentialsRefused
from connectors.x.prices import Prices
from connectors.x.session import open_client
from flows.collected import Tell
from flows.people.keys import author_hash, author_key, erased_subjects
from flows.settings import Settings
from flows.state import open_state
from flows.x import purse as x_purse
from flows.x import state as x_state
from flows.x import usage
from flows.x.counts import state as count_state
from flows.x.nights import set_aside_usd
from flows.x.price_list import prices_for
from flows.x.purse import Purse, month_of, spent_by_month
from flows.x.run import XRun
from warehouse.landing.files import read_landed


@contextmanager
def opened_run(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    clock: Callable[[], datetime],
    tell: Tell,
    pause: Callable[[float], None],
) -> Iterator[XRun]:
    """A run that is closed at the end of the block; without a token it has stopped before it began."""
    token, no_token = "", None
    try:
        token = bearer_token(settings)
    except CredentialsRefused as refused:
        no_token = refused
    budget_usd = campaign.x.budget_usd if campaign.x else Decimal(0)
    prices = prices_for(settings)
    with closing(
        open_state(settings.home, x_state.SCHEMA + count_state.SCHEMA + x_purse.SCHEMA + usage.SCHEMA)
    ) as state:
        purse = _open_purse(state, campaign.id, budget_usd, settings, prices, clock)
        purse.keep_back(set_aside_usd(campaign, now, prices))
        client = open_client(token, settings.x_api_url, purse, clock, prices=prices)
        with closing(client.session):
            yield XRun(
                campaign=campaign,
                settings=settings,
                now=now,
                state=state,
                client=client,
                purse=purse,
                prices=prices,
                pause=pause,
                tell=tell,
                is_full_archive=settings.x_full_archive,
                is_forced=False,
                erased=erased_subjects(settings.home),
                hash_author=author_hash(author_key(settings, tell)),
                stop=no_token,
            )


def _open_purse(  # noqa: PLR0917 - one caller, and each is of another type
    state: Connection,
    campaign_id: str,
    budget_usd: Decimal,
    settings: Settings,
    prices: Prices,
    clock: Callable[[], datetime],
) -> Purse:
    """The campaign's purse; where the ledger has no row of it, what landed restores that of every campaign."""
    if not spent_by_month(state, campaign_id):
        for other, landed_usd in landed_spend(settings.home, clock()).items():
            if not spent_by_month(state, other):
                Purse(state, other, Decimal(0), clock).restore(landed_usd)
    return Purse(state, campaign_id, budget_usd, clock, cap_usd=cap_of(settings, prices))


def cap_of(settings: Settings, prices: Prices) -> Decimal:
    """The most that all campaigns of the home may spend on X in a month: the operator's cap, or all of the plan."""
    return prices.most_usd_a_month if settings.x_cap is None else min(settings.x_cap, prices.most_usd_a_month)


def landed_spend(home: Path, now: datetime) -> dict[str, Decimal]:
    """What the landing zone says was spent on X by each campaign in the month of `now`.

    Raises:
        LandedUnreadable: a file of attempts cannot be read; what it holds was spent as well.
    """
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for row in read_landed(home, FetchAttempt.TABLE):
        if row["cost_usd"] and month_of(row["attempted_at"]) == month_of(now):
            spent[row["source_key"].partition("/")[0]] += row["cost_usd"]
    return dict(spent)


def bearer_token(settings: Settings) -> str:
    """The token, without blanks around it.

    Raises:
        CredentialsRefused: there is none, or it cannot be one: http would quote it in its complaint.
    """
    token = settings.x_bearer_token.get_secret_value().strip() if settings.x_bearer_token else ""
    if not token:
        raise CredentialsRefused(f"X: {TOKEN_NAME} is not set. Mend: put it into the environment or into .env")
    if not re.fullmatch(r"[!-~]+", token):
        raise CredentialsRefused(
            f"X: {TOKEN_NAME} holds blanks, line breaks or letters that no token has. "
            "Mend: the token alone, without `Bearer` and without quotes"
        )
    return token
