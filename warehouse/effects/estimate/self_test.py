"""How often nothing looks like an effect on a series of one's own: events that were never held, at every hour."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from warehouse.effects.baseline.asked import ask_window
from warehouse.effects.baseline.panel import Occasion
from warehouse.effects.estimate.effect import Effect, estimate_effect
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import is_free, placebo_starts

HOURS_A_DAY = 24  # definition
_SELDOM = 0.95  # definition: once in twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSize:
    """Events that were never held, of one hour of the day and window length: how many were tested, and rejected."""

    hour: int  # 0 on day rows
    length: int
    tested: int
    rejected: int

    @property
    def size(self) -> float | None:
        """The share of them that look like an effect; None where none could be tested."""
        return self.rejected / self.tested if self.tested else None


def null_sizes(study: Study, series: int, lengths: tuple[int, ...], most_days: int) -> Iterator[NullSize]:
    """One size for each hour of the day and window length, over days on which nothing of the series' own happened.

    Source: docs/methods.md, section 8 (placebo in time).
    """
    grid, level = study.panel.grid, study.panel.spec.level
    for length in lengths:
        for hour in (0,) if grid.is_daily else range(HOURS_A_DAY):
            tested = [
                effect.estimate.evidence.p <= level
                for effect in null_effects(study, series, hour, length, most_days)
                if effect.estimate is not None
            ]
            yield NullSize(hour=hour, length=length, tested=len(tested), rejected=sum(tested))


def null_effects(study: Study, series: int, hour: int, length: int, most_days: int) -> list[Effect]:
    """What is said of events that were never held, at that hour, evenly over the season.

    Source: docs/methods.md, section 8 (placebo in time).
    """
    starts = _starts(study, series, hour, length, most_days)
    return [estimate_effect(study, series, _never_held(study, start), length) for start in starts]


def most_by_chance(size: NullSize, level: float, rows_apart: int) -> float:
    """The share that chance alone passes once in twenty, where `level` of them are rejected on average.

    Windows start so many rows apart; longer ones share rows, and count as so many fewer.

    Source: Clopper, Pearson 1934 (binomial).
    """
    independent = max(int(size.tested / max(size.length / rows_apart, 1.0)), 1)
    return float(stats.binom.ppf(_SELDOM, independent, level)) / independent


def _never_held(study: Study, start: int) -> Occasion:
    nobody = np.zeros(len(study.panel.names), dtype=np.bool_)
    return Occasion(event_id="never held", kind="never held", start_row=start, attends=nobody)


def _starts(study: Study, series: int, hour: int, length: int, most_days: int) -> list[int]:
    """Start rows at that hour, evenly over the season, whose windows are free of own events."""
    panel = study.panel
    at_hour = np.flatnonzero(panel.grid.hour == hour)
    if not len(at_hour):
        return []
    starts = placebo_starts(panel, ask_window(panel.grid, int(at_hour[0]), length, panel.spec))
    free = starts[is_free(panel.guarded[series], starts, length)]
    if len(free) <= most_days:
        return [int(start) for start in free]
    return [int(start) for start in free[np.linspace(0, len(free) - 1, most_days).astype(np.int64)]]
