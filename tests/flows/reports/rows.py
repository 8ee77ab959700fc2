"""Rows of effects as the published tables hold them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.reports.tongue import Tongue

ENGLISH = Tongue(language="en", zone=ZoneInfo("America/New_York"))
FRENCH = Tongue(language="fr", zone=ZoneInfo("America/New_York"))


def effect(**other: Any) -> dict[str, Any]:
    """Three hours of money after a debate, clear of chance."""
    row = {
        "outcome": "money", "series": "ticker", "scope": "national", "metric": "amount", "candidate_id": "ALL",
        "event_id": "debate", "horizon_minutes": 180, "window_start_at": datetime(2020, 9, 30, 1, tzinfo=UTC),
        "observed": 13_969_900.17, "expected": 5_170_885.0, "excess": 8_799_014.8, "excess_low": 7_377_195.0,
        "excess_high": 9_914_196.0, "rr": 2.7017, "rr_low": 2.1191, "rr_high": 3.4446, "p": 1e-9, "q_bh": 1e-9,
        "p_placebo": 1 / 278, "n_placebo": 277, "mde80": 1.54, "verdict": "effect", "status": "ok", "flags": [],
        "coverage": 1.0,
    }  # fmt: skip
    return row | other


def unanswered(status: str, **other: Any) -> dict[str, Any]:
    """A row without a number."""
    nothing = dict.fromkeys(
        (
            "expected",
            "excess",
            "excess_low",
            "excess_high",
            "rr",
            "rr_low",
            "rr_high",
            "p",
            "q_bh",
            "p_placebo",
            "mde80",
        )
    )
    return effect(**nothing, status=status, verdict="not_enough_data", n_placebo=None, **other)
