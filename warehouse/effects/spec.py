"""The pre-specified analysis: every threshold that a result depends on, in one versioned place."""

import hashlib
import json
from dataclasses import asdict, dataclass

MINUTES_A_DAY = 1440
MINUTES_AN_HOUR = 60
_PARTS = ("level", "power", "min_coverage", "min_window_seen")
_LEAST = {"horizons": 1.0, "trend_bends": 0.001}
SHORTEST_ON_DAYS = 2 * MINUTES_A_DAY  # of a horizon: the first day of a window lies partly before the event


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Thresholds and constants, chosen before any outcome is looked at; `spec_hash` names a choice."""

    version: int = 1
    horizons: tuple[int, ...] = (180, 1440, 4320)  # minutes
    families: tuple[str, ...] = ("source", "outcome", "horizon_minutes")  # one family a combination
    level: float = 0.05
    power: float = 0.80
    mde_seen: float = 2.0  # "no detectable effect" is said only where an effect of this size would have shown
    margin: float = 1.10  # the smallest rate ratio that matters in practice
    min_coverage: float = 0.2  # a row seen less than this is not used
    min_window_seen: float = 0.6  # share of a window's expected mass that must have been observed
    min_rows: int = 40
    min_events: float = 40.0
    min_expected: float = 6.0
    min_placebo: int = 20
    min_control_expected: float = 5.0
    guard_days_on_days: float = 6.0
    guard_days_on_hours: float = 4.0
    crowded_events: float = 12.0  # more own events than this in 300 days shorten the guard
    knot_days_on_days: float = 28.0
    knot_days_on_hours: float = 14.0
    trend_bends: tuple[float, ...] = (0.5, 1.0, 0.25)  # log trend's usual second difference over 28 days, by choice
    max_placebo: int = 600  # windows kept a series; hour rows are thinned evenly
    draws: int = 2000
    resamples: int = 499
    seed: int = 20110915

    def guard_days(self, interval_minutes: int) -> float:
        """How long an event keeps its rows out of the baseline."""
        return self.guard_days_on_days if interval_minutes == MINUTES_A_DAY else self.guard_days_on_hours

    def knot_days(self, interval_minutes: int) -> float:
        """Distance of the trend's knots."""
        return self.knot_days_on_days if interval_minutes == MINUTES_A_DAY else self.knot_days_on_hours


def spec_hash(spec: Spec) -> str:
    """A name for this choice of numbers: two specs share it only where every number is the same.

    Source: docs/methods.md, section 5.
    """
    return hashlib.sha256(json.dumps(asdict(spec), sort_keys=True).encode()).hexdigest()[:16]


def spec_with(overrides: dict[str, object]) -> Spec:
    """The defaults with a campaign's `[spec]` applied.

    Raises:
        ValueError: a key that the spec does not have, or a value of another type.

    Source: docs/methods.md, section 5.
    """
    defaults = asdict(Spec())
    for key, value in overrides.items():
        if key not in defaults:
            raise ValueError(f"[spec] has no key {key!r}; it has: {', '.join(sorted(defaults))}")
        wanted = type(defaults[key])
        given = tuple(value) if isinstance(value, list) else value
        if not isinstance(given, int | float if wanted is float else wanted) or isinstance(given, bool):
            raise ValueError(  # noqa: TRY004 - the mistake is in a file, not in a program
                f"[spec] {key} must be {wanted.__name__}, not {value!r}"
            )
        if key in _PARTS and not 0 < given < 1:
            raise ValueError(f"[spec] {key} must lie between 0 and 1, not be {value!r}")
        numbers = given if isinstance(given, tuple) else (given,)
        least = _LEAST.get(key, 0)
        if not numbers or any(isinstance(one, int | float) and not least <= one < float("inf") for one in numbers):
            raise ValueError(f"[spec] {key} cannot be {value!r}")
        defaults[key] = given
    return Spec(**defaults)
