"""Invented campaigns whose debate effects are known: what the estimators are measured on.

Two families. `PUBLIC` follows the nine difficulties of docs/methods.md, section 8. `OTHER` breaks the
estimator's own assumptions one by one: level jumps, bursts, other shapes of decay, hours instead of days.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from warehouse.effects.baseline.grid import Grid, day_grid, hour_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIRST_DAY = 734_231  # 2011-04-04, a Monday


@dataclass(frozen=True, kw_only=True)
class World:
    """How counts come about. Spreads are of logs; times are in days."""

    name: str
    is_hourly: bool = False
    candidates: int = 6
    days: int = 270
    debates: int = 8
    mean: float = 60.0  # a day
    wave: float = 0.6  # slow trend
    week: float = 0.25
    counting: float = 20.0  # shape of the gamma that mixes the Poisson; large = Poisson
    wobble: float = 0.0  # own autocorrelated noise
    wobble_memory: float = 0.4
    news: float = 0.0  # common autocorrelated noise
    news_memory: float = 0.6
    walk: float = 0.0  # own random walk, a day
    jump: float = 0.0  # one own level shift
    bursts: float = 0.0  # share of days with a burst of five times
    deadline: float = 0.0
    near_deadline: float = 0.0  # share of debates up to three days before one
    pairs: float = 0.0  # share of debates three days after another
    dark: float = 0.0  # share of rows in declared outages
    silent: float = 0.0
    holes: float = 0.0  # share of rows missing at random
    spill: float = 0.0  # what the absent lose for three days
    lag: float = 0.0  # share of counts booked up to three days late
    decay: str = "exponential"  # power, flat, late
    tau: float = 1.5
    same_weekday: bool = False
    null_share: float = 0.5
    horizon_days: float = 3.0
    start_hour: int = 21
    restless: float = 0.0  # spread of a candidate's evenings, from 19 to 24: each has its own level
    ramp_hours: int = 0  # before a debate talk doubles, hour by hour
    mail_every: int = 0  # days between mailings, on the debates' weekday
    mail_on_debates: bool = False  # half of the debates have a mailing on their day
    is_mail_listed: bool = True


@dataclass(frozen=True, kw_only=True)
class Case:
    """One draw: the panel, and the true log rate ratio of each (candidate, debate)."""

    grid: Grid
    counts: Floats
    coverage: Floats
    occasions: tuple[Occasion, ...]
    deadline_days: Ints
    truth: Floats  # candidates x debates; NaN where absent
    is_null: NDArray[np.bool_]
    length: int
    mean_without: Floats  # candidates x rows: what would have been counted, on average, without debates
    mean_with: Floats

    @property
    def debates(self) -> tuple[Occasion, ...]:
        """The occasions that `truth` has columns for."""
        return self.occasions[: self.truth.shape[1]]

    def until(self, row: int) -> "Case":
        """The same case as it was known when that row began."""
        grid = replace(self.grid, day=self.grid.day[:row], weekday=self.grid.weekday[:row], hour=self.grid.hour[:row])
        known = tuple(one for one in self.occasions if one.start_row < row)
        return replace(self, grid=grid, counts=self.counts[:, :row], coverage=self.coverage[:, :row], occasions=known)

    def fit(self) -> Panel:
        names = tuple(f"c{i}" for i in range(len(self.counts)))
        return fit_panel(
            self.grid,
            self.counts,
            self.coverage,
            names=names,
            occasions=self.occasions,
            deadline_days=self.deadline_days,
        )


PUBLIC = (
    World(name="poisson", counting=1e6, week=0.0, wave=0.0),
    World(name="season and trend", week=0.35, same_weekday=True),
    World(name="autocorrelation", wobble=0.3, wobble_memory=0.6),
    World(name="deadlines", deadline=1.2, near_deadline=0.5, wobble=0.2),
    World(name="pairs", pairs=0.5, wobble=0.2),
    World(name="outages", dark=0.08, silent=0.02, wobble=0.2),
    World(name="four a day", mean=4.0, wobble=0.2),
    World(name="common news", news=0.4, wobble=0.15, wobble_memory=0.3),
    World(
        name="all together",
        week=0.35,
        same_weekday=True,
        deadline=1.0,
        near_deadline=0.3,
        pairs=0.25,
        dark=0.05,
        silent=0.01,
        news=0.25,
        wobble=0.25,
        wobble_memory=0.5,
        counting=12.0,
    ),
)
OTHER = (
    World(name="random walk", walk=0.06, wobble=0.2),
    World(name="level jump", jump=0.6, wobble=0.2),
    World(name="bursts", bursts=0.02, wobble=0.2),
    World(name="spill-over", spill=0.25, news=0.3, wobble=0.2),
    World(name="booking lag", lag=0.3, wobble=0.2),
    World(name="power-law decay", decay="power", tau=1.0, wobble=0.2),
    World(name="slow decay", tau=4.0, wobble=0.2),
    World(name="late peak", decay="late", wobble=0.2),
    World(name="holes", holes=0.15, news=0.2, wobble=0.2),
    World(name="short season", days=110, debates=4, news=0.2, wobble=0.2),
    World(name="two candidates", candidates=2, wobble=0.3, wobble_memory=0.6),
    World(name="crowded", debates=16, days=300, wobble=0.2),
    World(name="long memory", wobble=0.35, wobble_memory=0.9),
    World(name="hours, 24 h", is_hourly=True, days=90, debates=5, mean=400, horizon_days=1, tau=0.4, wobble=0.2),
    World(name="hours, 3 h", is_hourly=True, days=90, debates=5, mean=400, horizon_days=0.125, tau=0.4, wobble=0.2),
    World(name="hours, news", is_hourly=True, days=120, debates=6, mean=400, tau=0.6, news=0.3, wobble=0.2),
    World(
        name="hours, holes",
        is_hourly=True,
        days=90,
        debates=5,
        mean=400,
        horizon_days=1,
        tau=0.4,
        holes=0.1,
        wobble=0.2,
    ),
)
# Evenings that vary more than the rest of the day, in seasons whose length once decided which hours were compared.
_NIGHT = World(name="", is_hourly=True, candidates=2, mean=400, wobble=0.2, horizon_days=0.125, null_share=1.0)
SEASONS = (40, 90, 270, 290, 300, 590, 600, 905)
NIGHTS = tuple(
    replace(_NIGHT, name=f"{kind}, {days} days", days=days, debates=max(1, min(8, days // 35)), restless=restless)
    for days in SEASONS
    for kind, restless in (("evenings alike", 0.0), ("restless evenings", 0.5))
)
RAMPS = tuple(
    World(
        name=f"ramp of {ramp} h, {hours} h",
        is_hourly=True,
        candidates=3,
        days=120,
        debates=6,
        mean=400,
        wobble=0.2,
        tau=0.6,
        ramp_hours=ramp,
        horizon_days=hours / 24,
    )
    for ramp in (0, 2, 4, 6)
    for hours in (3, 24)
)
_MAILS = World(name="", wobble=0.2, same_weekday=True, days=300)
MAILS = (
    replace(_MAILS, name="a mailing on the day", mail_every=24, mail_on_debates=True),
    replace(_MAILS, name="every second week", mail_every=14),
    replace(_MAILS, name="every second week, unlisted", mail_every=14, is_mail_listed=False),
)
_LOG_EFFECTS = np.log([1.3, 1.5, 2.0, 3.0])
_EVENINGS = (19, 24)
_MAIL_DECAY_DAYS = 0.7
_MAIL_LOG_LIFT = (0.8, 0.2)  # of all candidates: mean and spread over mailings
_BURN_IN = 500


def make_case(world: World, seed: int) -> Case:
    """One draw of a world; the same seed gives the same draw."""
    rng = np.random.default_rng([seed, *world.name.encode()])
    a_day = 24 if world.is_hourly else 1
    rows = world.days * a_day
    grid = _grid(world, rows)
    deadlines = _draw_deadlines(world, rng)
    starts = _draw_debates(world, deadlines, rng) * a_day + (world.start_hour if world.is_hourly else 0)
    log_mean = _log_baseline(world, grid, deadlines, rng)
    apart = np.random.default_rng([seed, 1])  # of its own, so that worlds without these parts are drawn as before
    log_mean += _evenings(world, grid, apart)
    mails = _draw_mails(world, starts, a_day, apart)
    log_mean += _mail_lift(mails, rows, a_day, apart)
    attends = rng.random((world.candidates, len(starts))) < 0.67
    attends[-1] = False
    attends[0] = True
    size = np.where(rng.random(attends.shape) < world.null_share, 0.0, rng.choice(_LOG_EFFECTS, attends.shape))
    lifts = _lifts(world, starts, size * attends, rows, a_day)
    truth, is_null = _truths(log_mean, lifts, attends, starts, round(world.horizon_days * a_day))
    lift = _with_spill(world, lifts, attends, starts, a_day) + _ramp(world, attends, starts, rows)
    counts = _count(world, log_mean, lift, rng, a_day=a_day)
    coverage, seen = _outages(world, counts.shape, a_day, rng)
    return Case(
        grid=grid,
        counts=rng.binomial(counts.astype(np.int64), seen).astype(np.float64),
        coverage=coverage,
        occasions=tuple(
            Occasion(event_id=f"e{k}", kind="debate", start_row=int(row), attends=attends[:, k])
            for k, row in enumerate(starts)
        )
        + tuple(
            Occasion(event_id=f"m{k}", kind="mailing", start_row=int(row), attends=np.ones(len(counts), dtype=np.bool_))
            for k, row in enumerate(mails if world.is_mail_listed else ())
        ),
        deadline_days=deadlines + FIRST_DAY if world.deadline else np.array([], dtype=np.int64),
        truth=truth,
        is_null=is_null,
        length=round(world.horizon_days * a_day),
        mean_without=np.exp(log_mean),
        mean_with=np.exp(log_mean + lifts.sum(axis=1)),
    )


def _grid(world: World, rows: int) -> Grid:
    if not world.is_hourly:
        return day_grid(FIRST_DAY, rows)
    return hour_grid(datetime(2011, 4, 4, tzinfo=UTC), rows, ZoneInfo("UTC"))


def _draw_deadlines(world: World, rng: np.random.Generator) -> Ints:
    return np.asarray((np.array([0.22, 0.55, 0.88]) * world.days).astype(np.int64) + rng.integers(-6, 7, 3))


def _draw_debates(world: World, deadlines: Ints, rng: np.random.Generator) -> Ints:
    first, last = min(35, world.days // 4), world.days - 12
    apart = min(12, (last - first) // (world.debates + 1))
    days: list[int] = []
    for _ in range(5000):
        if len(days) == world.debates:
            break
        day = int(rng.integers(first, last))
        is_second = bool(days) and rng.random() < world.pairs
        if is_second:
            day = int(rng.choice(days)) + 3
        elif rng.random() < world.near_deadline:
            day = int(rng.choice(deadlines)) - int(rng.integers(0, 4))
        if world.same_weekday and not is_second:
            day += 3 - day % 7
        gaps = sorted(abs(day - other) for other in days)
        is_pair = is_second and gaps[0] == 3 and sum(gap < apart for gap in gaps) == 1
        if first <= day < last and (not gaps or gaps[0] >= apart or is_pair):
            days.append(day)
    return np.array(sorted(days), dtype=np.int64)


def _log_baseline(world: World, grid: Grid, deadlines: Ints, rng: np.random.Generator) -> Floats:
    c, a_day, rows = world.candidates, grid.rows_a_day, grid.rows
    at = np.arange(rows) / rows
    swings, phase = rng.uniform(0.7, 1.6, (c, 1)), rng.uniform(0, 2 * np.pi, (c, 1))
    log_mean = np.log(world.mean / a_day) + rng.normal(0, 0.4, (c, 1)) + np.zeros((c, rows))
    log_mean += world.wave * np.sin(2 * np.pi * swings * at + phase)
    log_mean += world.wave / 2 * rng.normal(size=(c, 1)) * (at - 0.5)
    pattern = np.array([0.1, 0.15, 0.2, 0.5, 0.0, -1.0, -0.9])
    log_mean += world.week * (pattern - pattern.mean())[grid.weekday]
    if world.is_hourly:
        log_mean += 0.8 * np.sin(2 * np.pi * (grid.hour - 13) / 24) + 0.3 * np.cos(4 * np.pi * (grid.hour - 20) / 24)
    left = deadlines[:, None] - (grid.day - FIRST_DAY)[None]
    run_up = np.where((left >= 0) & (left < 7), np.exp(-left / 1.5), 0.0).sum(axis=0)
    log_mean += world.deadline * rng.uniform(0.7, 1.3, (c, 1)) * run_up
    load = rng.uniform(0.7, 1.3, (c, 1))
    log_mean += world.news * load * _autoregression(rng, (1, rows), world.news_memory ** (1 / a_day))
    log_mean += world.wobble * _autoregression(rng, (c, rows), world.wobble_memory ** (1 / a_day))
    log_mean += np.cumsum(rng.normal(0, world.walk / np.sqrt(a_day), (c, rows)), axis=1)
    for one in range(c if world.jump else 0):
        log_mean[one, int(rng.integers(int(0.15 * rows), int(0.85 * rows))) :] += rng.normal(0, world.jump)
    return np.asarray(log_mean)


def _evenings(world: World, grid: Grid, rng: np.random.Generator) -> Floats:
    """Log lift (candidates x rows) of evenings that are each their own."""
    day = grid.day - grid.day[0]
    each = world.restless * rng.standard_normal((world.candidates, int(day[-1]) + 1))
    is_evening = (grid.hour >= _EVENINGS[0]) & (grid.hour < _EVENINGS[1])
    return np.asarray(each[:, day] * is_evening)


def _draw_mails(world: World, starts: Ints, a_day: int, rng: np.random.Generator) -> Ints:
    """Rows at which mailings go out."""
    if not world.mail_every:
        return np.array([], dtype=np.int64)
    rows = np.arange(int(rng.integers(1, 3)) * 7 + 3, world.days - 3, world.mail_every) * a_day
    if world.mail_on_debates:
        # The schedule keeps away from debates but for half of them, which it meets on purpose.
        gaps = np.abs(rows[:, None] - starts[None]).min(axis=1)
        rows = np.concatenate([rows[gaps > 7 * a_day], starts[::2]])
    return np.sort(rows)


def _mail_lift(mails: Ints, rows: int, a_day: int, rng: np.random.Generator) -> Floats:
    since = (np.arange(rows)[None] - mails[:, None]) / a_day
    size = rng.normal(*_MAIL_LOG_LIFT, (len(mails), 1))
    return np.asarray(np.where(since >= 0, size * np.exp(-np.maximum(since, 0) / _MAIL_DECAY_DAYS), 0.0).sum(axis=0))


def _ramp(world: World, attends: NDArray[np.bool_], starts: Ints, rows: int) -> Floats:
    """Log lift (candidates x rows) of the hours before a debate, by which its own effect is not changed."""
    left = starts[:, None] - np.arange(rows)[None]
    is_before = (left > 0) & (left <= world.ramp_hours)
    each = np.where(is_before, np.log(2) * (1 - (left - 1) / max(world.ramp_hours, 1)), 0.0)
    return np.asarray(attends.astype(np.float64) @ each)


def _autoregression(rng: np.random.Generator, shape: tuple[int, int], memory: float) -> Floats:
    """Stationary, of unit spread."""
    shocks = rng.standard_normal((shape[0], shape[1] + _BURN_IN)) * np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], shocks, axis=1)[:, _BURN_IN:])


def _lifts(world: World, starts: Ints, size: Floats, rows: int, a_day: int) -> Floats:
    """Log lift (candidates x debates x rows)."""
    since = (np.arange(rows)[None] - starts[:, None]) / a_day
    age = np.maximum(since, 0)
    shape = {
        "exponential": np.exp(-age / world.tau),
        "power": (1 + age / world.tau) ** -1.5,
        "flat": (age < 2).astype(np.float64),
        "late": (age + 0.5) * np.exp(0.5 - age),
    }[world.decay]
    return np.asarray(size[:, :, None] * np.where(since >= 0, shape, 0.0)[None])


def _truths(
    log_mean: Floats, lifts: Floats, attends: NDArray[np.bool_], starts: Ints, length: int
) -> tuple[Floats, NDArray[np.bool_]]:
    truth, is_null = np.full(attends.shape, np.nan), np.zeros(attends.shape, dtype=np.bool_)
    lift = lifts.sum(axis=1)
    for one, debate in np.argwhere(attends):
        window = slice(starts[debate], starts[debate] + length)
        with_it = np.exp(log_mean[one] + lift[one])[window].sum()
        without = np.exp(log_mean[one] + lift[one] - lifts[one, debate])[window].sum()
        truth[one, debate] = np.log(with_it / without)
        is_null[one, debate] = bool(np.abs(lift[one, window]).max() < 0.01)
    return truth, is_null


def _with_spill(world: World, lifts: Floats, attends: NDArray[np.bool_], starts: Ints, a_day: int) -> Floats:
    lift = lifts.sum(axis=1)
    for debate, row in enumerate(starts):
        lift[~attends[:, debate], row : row + 3 * a_day] -= world.spill
    return np.asarray(lift)


def _count(world: World, log_mean: Floats, lift: Floats, rng: np.random.Generator, *, a_day: int) -> Floats:
    mixed = rng.gamma(world.counting, 1 / world.counting, log_mean.shape)
    counts = rng.poisson(np.exp(log_mean + lift) * mixed).astype(np.float64)
    if world.bursts:
        is_burst = np.repeat(rng.random((world.candidates, world.days)) < world.bursts, a_day, axis=1)
        counts += np.where(is_burst, rng.poisson(4 * np.exp(log_mean)), 0)
    if world.lag:
        moved = rng.binomial(counts.astype(np.int64), world.lag)
        counts -= moved
        for delay, share in ((1, 0.5), (2, 0.3), (3, 0.2)):
            counts[:, delay * a_day :] += np.round(moved * share)[:, : -delay * a_day]
    return counts


def _outages(world: World, shape: tuple[int, ...], a_day: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """What the collector says it saw, and what it saw."""
    coverage = np.ones(shape)
    for _ in range(rng.poisson(world.dark * world.days / 3)):
        first = int(rng.integers(0, world.days - 3)) * a_day
        coverage[:, first : first + int(rng.integers(1, 5)) * a_day] = rng.choice([0.0, 0.0, 0.3, 0.6])
    coverage[:, rng.random(shape[1]) < world.holes] = 0.0
    seen = coverage.copy()
    for _ in range(rng.poisson(world.silent * world.days / 2)):
        first = int(rng.integers(0, world.days - 2)) * a_day
        seen[:, first : first + int(rng.integers(1, 4)) * a_day] = 0.0
    return coverage, seen
