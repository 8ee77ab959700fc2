"""The pre-specified analysis: every threshold that a result depends on, in one versioned place."""

import hashlib
import json
from dataclasses import asdict, dataclass

MINUTES_A_DAY = 1440
MINUTES_AN_HOUR = 60
DAYS_A_WEEK = 7
FAMILY_PARTS = ("source", "outcome", "horizon_minutes", "candidate_id", "event_id")
_PARTS: tuple[str, ...] = ("level", "power", "min_coverage", "min_window_seen", "min_path_seen", "impossible_zero")
_PARTS += ("pool_alike", "pool_least", "few_authors_share", "many_authors_share", "regime_level", "regime_fall")
_PARTS += ("most_small_territories", "divide_points", "poll_weight_cap")
_LEAST = {"horizons": 1.0, "trend_bend": 0.001, "null_margin": 1.0, "widest_ratio": 1.0, "scope_ratio": 1.0}
SHORTEST_ON_DAYS = 2 * MINUTES_A_DAY  # of a horizon: the first day of a window lies partly before the event


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Thresholds and constants, chosen before any outcome is looked at; `spec_hash` names a choice."""

    version: int = 1
    horizons: tuple[int, ...] = (180, 1440, 4320)  # minutes
    families: tuple[str, ...] = ("source", "outcome", "horizon_minutes")  # one family a combination, of FAMILY_PARTS
    level: float = 0.05
    power: float = 0.80
    null_margin: float = 1.5  # "no detectable effect" is said only of an interval within 1/1.5 and 1.5
    mde_seen: float = 2.0  # a claim is supported only where an effect of this size would have shown
    margin: float = 1.10  # the smallest rate ratio that matters in practice
    min_coverage: float = 0.2  # a row seen less than this is not used
    min_window_seen: float = 0.6  # share of a window's expected mass that must have been observed
    min_path_seen: float = 0.95  # of the hours of which timing and decay are told, after the first six
    impossible_zero: float = 1e-5  # a zero that is less likely is an outage that nobody declared
    min_rows: int = 40
    min_events: float = 40.0
    min_expected: float = 6.0  # in a window of days, or of money
    min_expected_on_hours: float = 1.0  # of counts: the same test holds down to one, and errs to the safe side
    exact_below: float = 20.0  # counts expected in a window: fewer are told by counts themselves, not by logarithms
    widest_ratio: float = 100.0  # an interval whose ends are further apart is no estimate
    min_placebo: int = 20  # quiet windows
    min_same_weekday: int = 8  # of them, for a calendar placebo to keep to the event's weekday
    least_scale: float = 0.6  # errors are never held to be smaller than so many times what the model says
    min_control_expected: float = 5.0
    guard_days_on_days: float = 6.0
    guard_days_on_hours: float = 4.0
    anticipation_hours: int = 6  # ahead of its start an event is awaited: those hours are not what is usual
    min_near_weekday: float = 40.0  # independent windows that must be left, for those near its weekday to count more
    min_of_a_kind: int = 4  # events that must have been seen by themselves before their usual effect is taken off
    placebo_reach_hours: int = 2  # where a season has too few days, windows may start so much earlier or later
    min_for_spill: int = 4  # other events at which the absent must have been seen, before they may be told to move too
    spill_doubt: float = 3.0  # squared standard errors that this must exceed to count at all
    control_disagreement: float = 2.0  # standard errors between the answers with and without controls that are flagged
    visible_carry_over: float = 0.02  # log lift by an earlier event from which on it is flagged
    heavy_tail: float = 6.0  # kurtosis of the placebo errors from which on it is flagged
    min_tail_windows: float = 40.0  # independent ones, for a kurtosis to be looked at
    edge_doubt: float = 1.5  # how much worse the end of what is known is told than neighbours' errors say
    crowded_events: float = 12.0  # more own events than this in 300 days shorten the guard
    pool_alike: float = 0.2  # chance, before any is seen, that all events do the same
    pool_spread: float = 0.3  # else the scale of the half-normal spread of their log rate ratios
    pool_least: float = 0.87  # a pooled interval holds the mean so often if events surely did the same
    knot_days_on_days: float = 28.0
    knot_days_on_hours: float = 14.0
    trend_bend: float = 0.3  # the log trend's usual second difference over 28 days
    clear_excess: float = 3.0  # standard errors from which on decay and timing are told
    min_excess: float = 20.0  # items: how a handful came cannot tell how fast they fade
    min_pairs: int = 100  # rows of both series, for a lead to be looked for
    min_items: int = 50  # of a window whose makers are described
    days_before: int = 28  # to which a mean gift and a share of voice are compared
    min_gifts: int = 30  # in a mean gift
    min_mentions: int = 30  # of all candidates, in a share of voice
    min_share_windows: int = 10  # whole windows that tell how much a share varies
    min_gaps: int = 30  # between posts, for burstiness and memory
    min_regime_weeks: int = 4  # of a stretch of steady pace
    regime_level: float = 0.01  # a change of pace is rarer than that in weeks of random order
    regime_fall: float = 1 / 3  # a pace that falls by less has not fallen
    min_contrast_events: int = 3  # of each kind
    min_trend_events: int = 6
    min_hand_posts: int = 30  # of each hand, beside one of the other, for reactions to be compared
    min_channel_weeks: int = 8  # in which a channel, or it and the others, had money or hours
    min_channel_returns: int = 30  # sign-ups or gifts by a channel, for what it brings to be told
    reaction_hours: int = 24  # that a post must have had before its reactions were counted
    hand_permutations: int = 4999
    scope_ratio: float = 1.25  # national and local effects that differ by less are alike
    few_authors: int = 10  # who make half of the buzz, or
    few_authors_share: float = 0.05  # that share of all authors, are a few
    many_authors_share: float = 0.25  # and more than that share are not
    poll_days: int = 14  # before and after an event, from which polls are taken
    min_polls: int = 3  # on each side
    min_pollsters: int = 2  # who polled on both sides
    min_poll_freedom: int = 2  # polls beyond what the terms take, to tell the error by
    poll_weight_cap: float = 0.9  # quantile of sample sizes above which a poll weighs no more
    poll_margin: float = 2.0  # points; "no detectable effect" on support is said only of an interval within them
    min_quiet_polls: int = 10  # quiet dates that tell how much support moves by itself
    min_vote_pairs: int = 6  # events and candidates with a change in polls and one in mentions
    vote_margin: float = 1.0  # points for a doubling of mentions; less does not matter
    min_territories: int = 20  # with `least_people` givers each, for a digital divide to be told
    least_people: int = 10  # in a territory: fewer are a small cell
    most_small_territories: float = 0.2  # share of them that may be small cells
    divide_points: float = 0.10  # of the share online, for which the ratio of rates is told
    permutations: int = 4999  # of shares among territories
    max_placebo: int = 300  # days on which windows start; more are thinned evenly
    draws: int = 2000
    resamples: int = 499
    seed: int = 20110915

    def asked_minutes(self, interval_minutes: int) -> tuple[int, ...]:
        """The windows that each event is asked about: its horizons and, below zero, the hours before it."""
        awaited = -self.anticipation_hours * MINUTES_AN_HOUR
        return (*self.horizons, awaited) if awaited and interval_minutes != MINUTES_A_DAY else self.horizons

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
        if key == "anticipation_hours" and given >= MINUTES_A_DAY // MINUTES_AN_HOUR:
            raise ValueError(f"[spec] {key} must be less than a day, not {value!r}")
        if isinstance(given, tuple) and key == "families" and not set(given) <= set(FAMILY_PARTS):
            raise ValueError(f"[spec] families may name {', '.join(FAMILY_PARTS)}, not {value!r}")
        numbers = given if isinstance(given, tuple) else (given,)
        least = _LEAST.get(key, 0)
        if not numbers or any(isinstance(one, int | float) and not least <= one < float("inf") for one in numbers):
            raise ValueError(f"[spec] {key} cannot be {value!r}")
        defaults[key] = given
    return Spec(**defaults)
