"""Whether buzz runs ahead of money, or after it.

Both series are log residuals of their baselines, whitened by an autoregression; the largest correlation over
the lags is compared with the same after shifting one series against the other by two weeks or more. Debates
move both, at different speeds: the masked test leaves them out, and only where masked and unmasked agree is
anything said to lead.

Source: Haugh 1976 (whitened cross-correlation); docs/methods.md, section 7.3.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.spec import MINUTES_A_DAY, Spec

LeadVerdict = Literal["buzz_leads", "donations_lead", "both", "neither", "not_enough_data"]
# Definitions: how far apart two series are compared.
_SHIFT_DAYS = 14
_SHIFTS = 4  # a season is as many of them long at least
_LAGS = {True: 7, False: 24}
_ROWS_AN_ORDER = 3  # an autoregression needs so many rows for each of its slopes
_LEAST_PAIRS = 3
_ORDER = {True: 7, False: 26}  # an hourly order beyond a day takes up what is left of the daily rhythm
_SMOOTHING = 0.5
_HOURS_A_DAY = 24
# Numerical tolerances.
_RIDGE = 1e-6
_LEAST_LENGTH = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag:
    """The columns of `buzz_donation_lead_lag`; `best_lag` in rows, above zero where buzz is first."""

    interval_minutes: int
    best_lag: int | None
    r_at_lag: float | None
    p_buzz_leads: float | None
    p_donations_lead: float | None
    p_masked: float | None
    p_unmasked: float | None
    n: int
    verdict: LeadVerdict
    status: Literal["ok", "insufficient_sample", "no_data"]


def log_residuals(panel: Panel, series: int) -> tuple[Floats, Bools]:
    """Log residual of each row, NaN where unseen, and which rows are outside the guards of events.

    Source: docs/methods.md, section 7.3.
    """
    if panel.fits[series] is None:
        return np.full(panel.grid.rows, np.nan), panel.clean[series]
    ratio = np.log((panel.counts[series] + _SMOOTHING) / (panel.expected[series] + _SMOOTHING))
    return np.where(panel.usable[series], ratio, np.nan), panel.clean[series]


def find_lead(buzz: Floats, money: Floats, clean: Bools, *, interval_minutes: int, spec: Spec) -> LeadLag:
    """What the two residual series say; `clean` marks the rows that no event moves.

    `p_masked` and `p_unmasked` are of buzz leading.

    Source: Haugh 1976.
    """
    is_daily = interval_minutes == MINUTES_A_DAY
    lags, order = _LAGS[is_daily], _ORDER[is_daily]
    rng = np.random.default_rng(spec.seed)
    whole = [whiten(values, order) for values in (buzz, money)]
    masked = [whiten(np.where(clean, values, np.nan), order) for values in (buzz, money)]
    n = int(np.isfinite(masked[0] * masked[1]).sum())
    shift = _SHIFT_DAYS * (1 if is_daily else _HOURS_A_DAY)
    if n < spec.min_pairs or len(buzz) < _SHIFTS * shift:
        nothing = "no_data" if not np.isfinite(buzz * money).any() else "insufficient_sample"
        return LeadLag(
            interval_minutes=interval_minutes,
            best_lag=None,
            r_at_lag=None,
            p_buzz_leads=None,
            p_donations_lead=None,
            p_masked=None,
            p_unmasked=None,
            n=n,
            verdict="not_enough_data",
            status=nothing,  # type: ignore[arg-type]
        )
    shifts = rng.integers(shift, len(buzz) - shift, spec.resamples)
    forth, p_masked = _strongest(masked[0], masked[1], lags, shifts)
    back, p_back = _strongest(masked[1], masked[0], lags, shifts)
    p_unmasked = _strongest(whole[0], whole[1], lags, shifts)[1]
    p_back_unmasked = _strongest(whole[1], whole[0], lags, shifts)[1]
    p_buzz, p_money = max(p_masked, p_unmasked), max(p_back, p_back_unmasked)
    buzz_first = forth[1] >= back[1]
    return LeadLag(
        interval_minutes=interval_minutes,
        best_lag=forth[0] if buzz_first else -back[0],
        r_at_lag=forth[1] if buzz_first else back[1],
        p_buzz_leads=p_buzz,
        p_donations_lead=p_money,
        p_masked=p_masked,
        p_unmasked=p_unmasked,
        n=n,
        verdict=_verdict(p_buzz <= spec.level, p_money <= spec.level),
        status="ok",
    )


def whiten(values: Floats, order: int) -> Floats:
    """Errors of an autoregression by least squares with a light ridge; NaN where a row or one before is missing.

    Source: Haugh 1976.
    """
    lagged = np.column_stack([_lag(values, k) for k in range(1, order + 1)])
    used = np.isfinite(values) & np.isfinite(lagged).all(axis=1)
    if used.sum() < _ROWS_AN_ORDER * order:
        return np.full(len(values), np.nan)
    x = np.column_stack([np.ones(used.sum()), lagged[used]])
    slopes = np.linalg.solve(x.T @ x + _RIDGE * np.eye(order + 1), x.T @ values[used])
    errors = np.full(len(values), np.nan)
    errors[used] = values[used] - x @ slopes
    return errors


def _lag(values: Floats, k: int) -> Floats:
    return np.concatenate([np.full(k, np.nan), values])[: len(values)]


def _strongest(leader: Floats, follower: Floats, lags: int, shifts: Ints) -> tuple[tuple[int, float], float]:
    """The lag with the largest correlation, that correlation, and its p among circular shifts of the leader."""
    scores = _scores(leader, follower, lags)
    best = int(np.argmax(scores[:, 1]))
    by_chance = np.array([_scores(np.roll(leader, int(s)), follower, lags)[:, 1].max() for s in shifts])
    p_shift = (1 + int((by_chance >= scores[best, 1]).sum())) / (len(shifts) + 1)
    # A short series has few shifts that are really unlike: the largest of independent normals is the floor.
    p = max(p_shift, float(-np.expm1(lags * stats.norm.logcdf(scores[best, 1]))))
    return (best + 1, float(scores[best, 0])), p


def _scores(leader: Floats, follower: Floats, lags: int) -> Floats:
    """For each lag: correlation, and the same scaled by the pairs it rests on (gaps meet gaps at some shifts)."""
    found = np.zeros((lags, 2))
    for k in range(1, lags + 1):
        a, b = leader[:-k], follower[k:]
        both = np.isfinite(a) & np.isfinite(b)
        n = int(both.sum())
        if n >= _LEAST_PAIRS:
            x, y = a[both] - a[both].mean(), b[both] - b[both].mean()
            r = float(x @ y / max(np.sqrt((x @ x) * (y @ y)), _LEAST_LENGTH))
            found[k - 1] = r, r * np.sqrt(n)
    return found


def _verdict(buzz: bool, money: bool) -> LeadVerdict:
    if buzz and money:
        return "both"
    if buzz:
        return "buzz_leads"
    return "donations_lead" if money else "neither"
