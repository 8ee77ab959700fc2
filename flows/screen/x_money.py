"""What X costs here: the price list, the plan, what was spent by campaign and month, and the cap for all campaigns."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from connectors.x.prices import Prices
from flows.settings import Settings
from flows.state import read_state
from flows.x.open import cap_of
from flows.x.price_list import price_list, prices_for
from flows.x.purse import month_of, spent_by_month

_OLD_DAYS = 180


def say_prices(settings: Settings, now: datetime) -> str:
    """Which prices hold, of which day, and what a flat plan costs whatever is read."""
    prices = prices_for(settings)
    age = (now.date() - prices.as_of).days
    old = f", {age} days ago: look whether X changed them" if age > _OLD_DAYS else ""
    said = f"Prices of X, plan {prices.plan}, as of {prices.as_of}{old} ({price_list(settings)})"
    if prices.usd_a_month is None:
        return said
    return (
        f"{said}: {prices.usd_a_month:.2f} USD a month whatever is read; a post counts as its share, "
        f"1 of {prices.posts_a_month:,}"
    )


def say_cap(settings: Settings, now: datetime) -> str:
    """What all campaigns of the home may spend this month, and what is left of it."""
    cap, spent = cap_of(settings, prices_for(settings)), sum(spent_in(settings, month_of(now)).values(), Decimal(0))
    whose = "AFTERDEBATE_X_CAP" if settings.x_cap is not None and settings.x_cap == cap else "the posts of the plan"
    return (
        f"All campaigns of {settings.home} may spend {cap:.2f} USD on X in {month_of(now)} ({whose}): "
        f"{spent:.2f} USD spent, {max(Decimal(0), cap - spent):.2f} USD left"
    )


def spent_in(settings: Settings, month: str) -> dict[str, Decimal]:
    """What was spent on X in a month of UTC, by campaign."""
    with read_state(settings.home, "x_spend") as state:
        if state is None:
            return {}
        campaigns = [name for (name,) in state.execute("SELECT DISTINCT campaign_id FROM x_spend ORDER BY 1")]
        return {name: spent_by_month(state, name).get(month, Decimal(0)) for name in campaigns}


def x_money_lines(settings: Settings) -> Iterator[str]:
    """What `status` says of prices and cap, where X was ever asked or a cap is set."""
    with read_state(settings.home, "x_spend") as state:
        was_asked = state is not None and state.execute("SELECT 1 FROM x_spend").fetchone() is not None
    if was_asked or settings.x_cap is not None:
        now = datetime.now(UTC)
        yield say_prices(settings, now)
        yield say_cap(settings, now)


def post_price(settings: Settings) -> Decimal:
    """What a post that is read costs."""
    prices: Prices = prices_for(settings)
    return prices.post_read
