"""What a request to X costs: at worst before it is sent, and by its answer afterwards. Pay-per-use, in dollars.

Source: https://docs.x.com/x-api/getting-started/pricing (2026-08-22): only successful answers with data are charged.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

POST_READ = Decimal("0.005")
USER_READ = Decimal("0.010")
COUNT_REQUEST = {"/2/tweets/counts/recent": Decimal("0.005"), "/2/tweets/counts/all": Decimal("0.010")}
FREE = ("/2/usage/tweets", "/2/compliance/jobs", "/2/tweets/search/stream/rules")
_POST_PAGES = re.compile(r"/2/(tweets/search/(recent|all)|users/\d+/tweets)")


def worst_price(endpoint: str, params: Mapping[str, Any]) -> Decimal:
    """The most that the request can cost.

    Raises:
        ValueError: an endpoint whose price is not known: it is not asked.
    """
    if endpoint in COUNT_REQUEST:
        return COUNT_REQUEST[endpoint]
    if endpoint.startswith(FREE):
        return Decimal(0)
    if endpoint == "/2/users/by":
        return USER_READ * (1 + str(params["usernames"]).count(","))
    if _POST_PAGES.fullmatch(endpoint):
        # No expansions are asked for: they would be charged as further posts and users.
        return POST_READ * int(params["max_results"])
    raise ValueError(f"X {endpoint}: no price known")


def charged_price(endpoint: str, answer: Mapping[str, Any]) -> Decimal:
    """What a successful answer costs by X's rules; its deduplication within a UTC day is not counted on."""
    if endpoint in COUNT_REQUEST:
        # Priced by the request; whether one without a bucket is free, the list does not say.
        return COUNT_REQUEST[endpoint]
    data = answer.get("data")
    if endpoint.startswith(FREE) or not data:
        return Decimal(0)
    included = answer.get("includes")
    included = included if isinstance(included, dict) else {}
    extra_posts = len(included.get("tweets") or included.get("posts") or ())
    users = len(included.get("users") or ())
    rows = len(data) if isinstance(data, list) else 1
    if endpoint.startswith("/2/users/by"):
        return USER_READ * (rows + users) + POST_READ * extra_posts
    return POST_READ * (rows + extra_posts) + USER_READ * users
