"""Which price list holds on this machine: the one that is named, else the home's own, else the shipped one."""

from pathlib import Path

from connectors.x.prices import SHIPPED, BadPrices, Prices, read_prices, shipped_prices
from flows.faults import UsageFault
from flows.settings import Settings

IN_HOME = "prices.toml"


def price_list(settings: Settings) -> Path:
    """The file that the prices come from."""
    if settings.prices is not None:
        return settings.prices
    own = settings.home / IN_HOME
    return own if own.is_file() else SHIPPED


def prices_for(settings: Settings) -> Prices:
    """The prices of the plan that this machine has at X.

    Raises:
        UsageFault: the list cannot be read, or does not have the plan.
    """
    path = price_list(settings)
    try:
        if path == SHIPPED:
            return shipped_prices(settings.x_plan)
        return read_prices(path.read_text(encoding="utf-8"), settings.x_plan)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"{path}: cannot be read ({type(error).__name__}). Mend: AFTERDEBATE_PRICES") from error
    except BadPrices as error:
        raise UsageFault(f"{path}: {error}") from error
