"""Small invented panels for these tests."""

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.baseline.grid import Grid, day_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel

MONDAY = 734_231  # 4 April 2011


def debate(start_row: int, *attends: bool, event_id: str = "d", kind: str = "debate") -> Occasion:
    return Occasion(event_id=event_id, kind=kind, start_row=start_row, attends=np.array(attends))


def weekly_counts(rows: int, *, mean: float = 60.0, seed: int = 1) -> Floats:
    """Poisson counts with a quiet weekend."""
    rhythm = np.where(np.arange(rows) % 7 >= 5, 0.5, 1.2)
    return np.random.default_rng(seed).poisson(mean * rhythm).astype(np.float64)


def one_series(
    counts: Floats, *occasions: Occasion, coverage: Floats | None = None, deadlines: tuple[int, ...] = ()
) -> Panel:
    return many_series(counts[None], *occasions, coverage=coverage, deadlines=deadlines)


def many_series(
    counts: Floats, *occasions: Occasion, coverage: Floats | None = None, deadlines: tuple[int, ...] = ()
) -> Panel:
    grid: Grid = day_grid(MONDAY, counts.shape[1])
    return fit_panel(
        grid,
        counts,
        np.ones_like(counts) if coverage is None else np.broadcast_to(coverage, counts.shape).copy(),
        names=tuple(f"c{i}" for i in range(len(counts))),
        occasions=occasions,
        deadline_days=np.array(deadlines, dtype=np.int64),
    )
