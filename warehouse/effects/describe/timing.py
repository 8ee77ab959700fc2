"""When the extra gifts came: shares of the first hours, and the hours by which parts of them were in.

Source: docs/methods.md, section 7.2.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.describe.decay import HORIZON_HOURS, LATEST_PEAK_HOURS, fit_tail, measure_decay
from warehouse.effects.estimate.paths import Path
from warehouse.effects.spec import Spec

# Definitions: of the columns, and of what an hour's chance may do.
_HOURS_OF_SHARES = (1, 24, HORIZON_HOURS)
_PARTS = (0.25, 0.5, 0.75)
_CLEARLY_LOWER = 2.0  # standard deviations of one hour
# Numerical tolerances.
_FEWEST_CLEAR = 100
_LEAST_END = 0.05  # of the running excess at its height
_LEAST_STEP = 1e-9

_NAMES = ("net_share_1h", "net_share_24h", "net_share_72h", "q25_net_h", "median_net_h", "q75_net_h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The columns of `donation_timing`. Points of shares are clipped to 0 and 1; their intervals are not."""

    net_share_1h: float | None = None
    net_share_1h_ci_low: float | None = None
    net_share_1h_ci_high: float | None = None
    net_share_24h: float | None = None
    net_share_24h_ci_low: float | None = None
    net_share_24h_ci_high: float | None = None
    net_share_72h: float | None = None
    net_share_72h_ci_low: float | None = None
    net_share_72h_ci_high: float | None = None
    median_net_h: float | None = None
    median_net_h_ci_low: float | None = None
    median_net_h_ci_high: float | None = None
    q25_net_h: float | None = None
    q25_net_h_ci_low: float | None = None
    q25_net_h_ci_high: float | None = None
    q75_net_h: float | None = None
    q75_net_h_ci_low: float | None = None
    q75_net_h_ci_high: float | None = None
    half_life_h: float | None = None
    half_life_h_ci_low: float | None = None
    half_life_h_ci_high: float | None = None
    peak_hour: int | None = None
    peak_hour_ci_low: int | None = None
    peak_hour_ci_high: int | None = None
    status: Literal["ok", "insufficient_sample", "insufficient_placebo", "precision_too_coarse"] = "ok"
    flags: tuple[str, ...] = ()


def measure_timing(path: Path, spec: Spec) -> Timing:
    """Timing of the excess over 72 hourly rows; all None where the excess is not clear.

    Source: docs/methods.md, section 7.2.
    """
    if path.excess_z(HORIZON_HOURS) < spec.clear_excess or len(path.observed) != HORIZON_HOURS:
        return Timing(status="insufficient_sample", flags=("excess_unclear",))
    decay = measure_decay(path, spec)
    if "excess_unclear" in decay.flags:  # then shares of it would be anything
        return Timing(status="insufficient_sample", flags=("excess_unclear",))
    rng = np.random.default_rng(spec.seed)
    smooth = _smooth_excess(path)
    seen, centre = _statistics(path.excess[None])[0], _statistics(smooth[None])[0]
    redrawn = path.resample(smooth, spec.resamples, rng)
    errors = _statistics(redrawn) - centre
    reach = _furthest(errors, spec)
    # An excess that just passes the threshold is likely too large: so are those of the draws that pass it.
    is_clear = redrawn.sum(axis=1) >= spec.clear_excess * path.wander(HORIZON_HOURS)
    if is_clear.sum() >= _FEWEST_CLEAR:
        reach = np.maximum(reach, _furthest(errors[is_clear], spec))
    lows, highs = seen - reach, seen + reach
    # What noise lends to a short excess makes it look long, most of all where only that made it clear: what the
    # half-life makes of the quarters is in their intervals too.
    if decay.ci_low is not None:
        halvings, of_times = -np.log2(1 - np.array(_PARTS)), slice(-len(_PARTS), None)
        slowest = HORIZON_HOURS if decay.ci_high is None else (decay.peak_offset_h or 0.0) + decay.ci_high * halvings
        lows[of_times] = np.minimum(lows[of_times], decay.ci_low * halvings)
        highs[of_times] = np.maximum(highs[of_times], np.minimum(slowest, HORIZON_HOURS))
    peaks = np.quantile(redrawn.argmax(axis=1), [spec.level / 2, 1 - spec.level / 2])
    numbers: dict[str, float | None] = {}
    for i, name in enumerate(_NAMES):
        is_share = name.startswith("net_share")
        numbers[name] = float(np.clip(seen[i], 0, 1)) if is_share else float(seen[i])
        numbers[f"{name}_ci_low"] = float(lows[i]) if is_share else max(float(lows[i]), 0.0)
        numbers[f"{name}_ci_high"] = float(highs[i]) if is_share else min(float(highs[i]), float(HORIZON_HOURS))
    return Timing(
        **numbers,  # type: ignore[arg-type]
        half_life_h=decay.half_life_h,
        half_life_h_ci_low=decay.ci_low,
        half_life_h_ci_high=decay.ci_high,
        peak_hour=int(path.excess.argmax()),
        peak_hour_ci_low=int(peaks[0]),
        peak_hour_ci_high=int(peaks[1]),
        flags=decay.flags,
    )


def _furthest(errors: Floats, spec: Spec) -> Floats:
    """How far the middle 95 % of the errors reach on their longer side: wider than percentile and basic interval."""
    low, high = np.quantile(errors, [spec.level / 2, 1 - spec.level / 2], axis=0)
    return np.asarray(np.maximum(high, -low), dtype=np.float64)


def _smooth_excess(path: Path) -> Floats:
    """What the excess would be without noise: the fitted decay from the peak on, and before it the counts.

    An hour before the peak that chance alone may have kept below it counts as high as the peak.
    """
    peak = int(path.excess[:LATEST_PEAK_HOURS].argmax())
    tail = fit_tail(path.after(peak))[0]
    noise = np.sqrt(path.spread.variance(path.expected[:peak] + tail[0]))
    before = np.where(tail[0] - path.excess[:peak] < _CLEARLY_LOWER * noise, tail[0], path.excess[:peak])
    return np.concatenate([np.maximum(before, 0), tail])


def _statistics(excess: Floats) -> Floats:
    """Paths x the statistics of `_NAMES`."""
    running = np.cumsum(excess, axis=1)
    # A path that ends near zero has no shares: its end is held at a twentieth of its height.
    end = np.maximum(running[:, -1], _LEAST_END * np.maximum(running.max(axis=1), _LEAST_STEP))
    never_falling = np.maximum.accumulate(np.maximum(running, 0), axis=1)
    shares = [running[:, hours - 1] / end for hours in _HOURS_OF_SHARES]
    times = [_time_of(never_falling, share) for share in _PARTS]
    return np.column_stack([*shares, *times])


def _time_of(never_falling: Floats, share: float) -> Floats:
    """Hours until the share is in, straight within the hour."""
    wanted = share * never_falling[:, -1]
    at = np.argmax(never_falling >= wanted[:, None], axis=1)
    every = np.arange(len(at))
    before = np.where(at > 0, never_falling[every, np.maximum(at - 1, 0)], 0.0)
    step = np.maximum(never_falling[every, at] - before, _LEAST_STEP)
    return np.asarray(at + np.clip((wanted - before) / step, 0, 1), dtype=np.float64)
