"""In what an axis of money counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.reports.tongue import Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyUnit:
    """A size of amounts: millions, thousands or ones, with the axis's words for it."""

    size: float
    name: str
    currency: str


def money_unit(amounts: Sequence[float], currency: str, say: Tongue) -> MoneyUnit:
    """The largest unit of which the greatest amount holds two."""
    top = max([abs(value) for value in amounts], default=0)
    name, of = say.currency(currency)
    if top >= 2e6:  # noqa: PLR2004
        return MoneyUnit(size=1e6, name=say("unit.millions", name=name, of=of), currency=currency)
    if top >= 2e3:  # noqa: PLR2004
        return MoneyUnit(size=1e3, name=say("unit.thousands", name=name, of=of), currency=currency)
    return MoneyUnit(size=1, name=name, currency=currency)
