"""What pydantic found wrong, in plain words: the fault and what to write instead."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from connectors.campaign.toml import Place
from connectors.campaign.values import as_written, is_misspelt, mend_from
from connectors.errors import Fault

Tell = Callable[[Place, str, str], Fault]  # place, fault, mend -> the fault with its file and line

TOML_EXAMPLES = {
    "api": "api = true",
    "accounts": 'accounts = { x = ["JoeBiden"] }',
    "aliases": 'aliases = ["Joe Biden", "Biden"]',
    "budget_usd": "budget_usd = 20.0",
    "candidate": 'candidate = "biden"',
    "columns": 'columns = { posted_at = "created", text = "text", author = "user" }',
    "coverage": 'coverage = "measured"',
    "covers_from": "covers_from = 2020-09-19",
    "covers_to": "covers_to = 2020-11-03",
    "currency": 'currency = "USD"',
    "dates": 'dates = "month-first"',
    "disjoint": 'disjoint = [["actblue", "direct"]]',
    "end": "end = 2020-11-03",
    "exclude": 'exclude = ["Hunter Biden"]',
    "feeds_from": 'feeds_from = "../feeds.opml"',
    "format": 'format = "generic"',
    "granularity": 'granularity = "minute"',
    "horizons": "horizons = [180, 1440, 4320]",
    "id": 'id = "joe-biden"',
    "money": "[money]",
    "name": 'name = "Joe Biden"',
    "own_accounts": "own_accounts = true",
    "path": 'path = "donations/*.csv"',
    "posts_per_event": "posts_per_event = 2000",
    "precision": 'precision = "day"',
    "language": 'language = "fr"',
    "retention_days": "retention_days = 30",
    "sampling": 'sampling = "constant"',
    "scope": 'scope = "national"',
    "small_gift_max": "small_gift_max = 200",
    "source_kind": 'source_kind = "blog"',
    "spec": "[spec]",
    "start": "start = 2020-09-19",
    "bluesky": "[bluesky]",
    "mastodon": "[mastodon]",
    "servers": 'servers = ["mastodon.social"]',
    "stream": "stream = false",
    "synthetic": "synthetic = true",
    "territory": 'territory = "FR-91"',
    "timezone": 'timezone = "Europe/Paris"',
    "title": 'title = "US general election 2020"',
    "url": 'url = "https://example.org/feed/"',
    "x": "[x]",
    "candidate_columns": 'candidate_columns = { obama = "obama" }',
    "unit": 'unit = "percent"',
    "candidates": 'candidates = ["biden", "harris"]',
    "party": 'party = "Democratic"',
    "signature": 'signature = "-JB"',
    "staff_clients": 'staff_clients = ["Hootsuite"]',
    "x_query": "x_query = '\"Joe Biden\" OR @JoeBiden'",
}

# Where a key means something else in a table than elsewhere; "" is the top of the file.
_EXAMPLES_IN = {
    "": {"id": 'id = "us-2020"'},
    "feeds": {"id": 'id = "example-blog"'},
    "archives": {"id": 'id = "collected-posts"', "path": 'path = "archive/*.jsonl.gz"', "format": 'format = "x-v2"'},
    "polls": {
        "id": 'id = "polls"',
        "path": 'path = "polls/*.csv"',
        "columns": 'columns = { pollster = "Institute" }',
    },
    "donations": {
        "id": 'id = "gifts"',
        "columns": 'columns = { occurred_at = "Received", amount = "Sum" }',
        "precision": 'precision = "instant"',
    },
}


def examples_in(table: str) -> dict[str, str]:
    """An example line for each key of a table of `campaign.toml`, by key."""
    return TOML_EXAMPLES | _EXAMPLES_IN.get(table, {})


_NOT_A = {
    "string_type": "is not text",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "date_type": "is not a date without quotes",
    "tuple_type": "is not a list",
    "dict_type": "is not a table",
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "greater_than": "is not above zero",
    "greater_than_equal": "is below zero",
    "too_short": "is empty",
}


def explain(
    error: ValidationError, tell: Tell, examples: Mapping[str, str], known_in: Mapping[str, Iterable[str]]
) -> list[Fault]:
    """One fault for each thing pydantic refused; `known_in` has the known keys of a table by its key, "" for itself."""
    errors = error.errors(include_url=False)
    slips: dict[Place, list[str]] = {}
    for each in errors:
        if each["type"] == "extra_forbidden":
            slips.setdefault(each["loc"][:-1], []).append(str(each["loc"][-1]))
    return [
        _explained(each, tell, examples, known_in)
        for each in errors
        if not (each["type"] == "missing" and _is_misspelt(each["loc"], slips, known_in))
    ]


def _is_misspelt(place: Place, slips: Mapping[Place, Iterable[str]], known_in: Mapping[str, Iterable[str]]) -> bool:
    table = str(place[-2]) if len(place) > 1 else ""
    return is_misspelt(str(place[-1]), slips.get(place[:-1], ()), known_in.get(table, ()))


def _explained(
    error: ErrorDetails, tell: Tell, examples: Mapping[str, str], known_in: Mapping[str, Iterable[str]]
) -> Fault:
    place: Place = tuple(part for part in error["loc"] if part != "[key]")  # pydantic's mark of a dict's key
    names = [part for part in place if isinstance(part, str)]
    key, value, context = names[-1] if names else "", error["input"], error.get("ctx", {})
    example = next((examples[name] for name in reversed(names) if name in examples), None)
    as_in = f"write it as in: {example}" if example else "see docs/campaigns.md"
    match error["type"]:
        case "refused":
            return tell(place, _said_of(key, context["fault"]), context["mend"])
        case "extra_forbidden":
            return tell(place, f"unknown key {key!r}", mend_from(key, known_in[names[-2] if len(names) > 1 else ""]))
        case "missing":
            return tell(place, f"{key} is missing", f"fill it in, as in: {example}")
        case "literal_error":
            words = re.findall(r"'([^']*)'", context["expected"])
            return tell(place, f"{key} = {_short(value)} is not known", mend_from(str(value), words))
        case other:
            return tell(place, f"{key} = {_short(value)} {_NOT_A.get(other, error['msg'])}", as_in)


def _said_of(key: str, fault: str) -> str:
    return f"{key}: {fault}" if key else fault


def _short(value: Any) -> str:
    written = as_written(value)
    return written if len(written) <= 60 else f"{written[:57]}..."  # noqa: PLR2004 - a line on a screen
