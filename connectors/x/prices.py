"""What a request to X costs: at worst before it is sent, and by its answer afterwards; as a dated price list says.

Pay-per-use charges by what an answer brings; only successful answers with data are charged. A flat plan is paid by the
month up to so many posts: there a post costs its share of the plan, and all else nothing. So budgets part the posts of
the plan among campaigns, and the ledger knows one unit, dollars.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

PAY_PER_USE = "pay-per-use"
SHIPPED = Path(__file__).with_name("prices.toml")

_COUNTS_RECENT, _COUNTS_ALL = "/2/tweets/counts/recent", "/2/tweets/counts/all"
_FREE = ("/2/usage/tweets", "/2/compliance/jobs", "/2/tweets/search/stream/rules")
_POST_PAGES = re.compile(r"/2/(tweets/search/(recent|all)|users/\d+/tweets)")
_BY_USE = ("post_read", "user_read", "counts_recent", "counts_all")
_MOST = Decimal(1_000_000)


class BadPrices(Exception):
    """A price list does not say what it must; the message says where, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one plan charges, in dollars."""

    plan: str
    as_of: date  # when the list was true
    post_read: Decimal
    user_read: Decimal
    counts_recent: Decimal  # by the request, whether it brings a bucket or not
    counts_all: Decimal
    posts_a_month: int  # of the plan, for all campaigns on one token
    usd_a_month: Decimal | None = None  # of a flat plan: paid whatever is read

    @property
    def most_usd_a_month(self) -> Decimal:
        """What all posts of the plan cost: more cannot be had."""
        return self.posts_a_month * self.post_read

    def worst(self, endpoint: str, params: Mapping[str, Any]) -> Decimal:
        """The most that the request can cost.

        Raises:
            ValueError: an endpoint whose price is not known: it is not asked.
        """
        if (counts := self._of_counts(endpoint)) is not None:
            return counts
        if endpoint.startswith(_FREE):
            return Decimal(0)
        if endpoint == "/2/users/by":
            return self.user_read * (1 + str(params["usernames"]).count(","))
        if _POST_PAGES.fullmatch(endpoint):
            # No expansions are asked for: they would be charged as further posts and users.
            return self.post_read * int(params["max_results"])
        raise ValueError(f"X {endpoint}: no price known")

    def charged(self, endpoint: str, answer: Mapping[str, Any]) -> Decimal:
        """What a successful answer costs by X's rules; its deduplication within a UTC day is not counted on."""
        if (counts := self._of_counts(endpoint)) is not None:
            # Priced by the request; whether one without a bucket is free, the list does not say.
            return counts
        data = answer.get("data")
        if endpoint.startswith(_FREE) or not data:
            return Decimal(0)
        included = answer.get("includes")
        included = included if isinstance(included, dict) else {}
        extra_posts = len(included.get("tweets") or included.get("posts") or ())
        users = len(included.get("users") or ())
        rows = len(data) if isinstance(data, list) else 1
        if endpoint.startswith("/2/users/by"):
            return self.user_read * (rows + users) + self.post_read * extra_posts
        return self.post_read * (rows + extra_posts) + self.user_read * users

    def _of_counts(self, endpoint: str) -> Decimal | None:
        return {_COUNTS_RECENT: self.counts_recent, _COUNTS_ALL: self.counts_all}.get(endpoint)


@cache
def shipped_prices(plan: str = PAY_PER_USE) -> Prices:
    """The prices that came with this version."""
    return read_prices(SHIPPED.read_text(encoding="utf-8"), plan)


def read_prices(text: str, plan: str) -> Prices:
    """The prices of one plan, from the text of a price list.

    Raises:
        BadPrices: it is no price list, or the plan is not in it.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPrices(f"no TOML ({error}). Mend: take connectors/x/prices.toml as a pattern") from error
    as_of, plans = told.get("as_of"), told.get("plans")
    if not isinstance(as_of, date):
        raise BadPrices("no as_of. Mend: as_of = 2026-08-22, the day on which the prices were looked up")
    if not isinstance(plans, dict) or not isinstance(plans.get(plan), dict):
        known = ", ".join(sorted(plans)) if isinstance(plans, dict) else "none"
        raise BadPrices(f"no plan {plan!r}; there is: {known}. Mend: add it, or correct AFTERDEBATE_X_PLAN")
    mine = plans[plan]
    posts = mine.get("posts_a_month")
    if not isinstance(posts, int) or isinstance(posts, bool) or posts < 1:
        raise BadPrices(f"plans.{plan}.posts_a_month is no number of posts. Mend: posts_a_month = 1000000")
    if "usd_a_month" in mine:
        flat = _amount(mine, plan, "usd_a_month")
        free = dict.fromkeys(_BY_USE[1:], Decimal(0))
        return Prices(plan=plan, as_of=as_of, posts_a_month=posts, usd_a_month=flat, post_read=flat / posts, **free)
    by_use = {name: _amount(mine, plan, name) for name in _BY_USE}
    return Prices(plan=plan, as_of=as_of, posts_a_month=posts, **by_use)


def _amount(told: Mapping[str, Any], plan: str, name: str) -> Decimal:
    try:
        # As text: what a float holds is not what was written.
        amount = Decimal(told[name]) if isinstance(told[name], str) else Decimal("NaN")
    except (KeyError, InvalidOperation):
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 < amount <= _MOST):
        raise BadPrices(f'plans.{plan}.{name} is no amount. Mend: {name} = "0.005", in quotes, more than 0')
    return amount
