"""Long seasons: what is summed up class by class is what the plain product of the columns gives."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from warehouse.effects.baseline.design import build_design
from warehouse.effects.baseline.grid import hour_grid
from warehouse.effects.baseline.long_seasons import LEAST_ROWS
from warehouse.effects.baseline.poisson import fit_poisson
from warehouse.effects.spec import Spec

STARTS_AT = datetime(2020, 1, 1, 5, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize("rows", [LEAST_ROWS, 9_001])
def test_a_long_seasons_information_is_that_of_its_columns(rows: int) -> None:
    grid = hour_grid(STARTS_AT, rows, ZONE)
    design = build_design(grid, np.array([int(grid.day[0]) + 90, int(grid.day[0]) + 181]), Spec())
    weights = np.random.default_rng(1).gamma(2, 50, rows)
    weights[100:300] = 0  # nobody saw these hours
    assert design.long is not None
    plain = (design.columns.T * weights) @ design.columns
    np.testing.assert_allclose(design.long.information(weights), plain, rtol=1e-10, atol=1e-6)


def test_a_long_season_is_fitted_as_by_its_columns() -> None:
    rows = LEAST_ROWS + 48
    grid = hour_grid(STARTS_AT, rows, ZONE)
    design = build_design(grid, np.array([int(grid.day[0]) + 90]), Spec())
    draw = np.random.default_rng(2)
    counts = draw.poisson(20 * (1.3 + np.sin(2 * np.pi * np.arange(rows) / 24))).astype(np.float64)
    used = draw.random(rows) > 0.02
    found = fit_poisson(design, counts, np.ones(rows), used, penalty=design.penalty, towards=0 * design.penalty)
    x, weights = design.columns[used], found.rate[used]
    slope = x.T @ (counts[used] - weights) - design.penalty * found.coefficients
    # At the maximum nothing pulls any more: a wrong information matrix would not get there.
    assert np.abs(np.linalg.solve((x.T * weights) @ x + np.diag(design.penalty), slope)).max() < 1e-5
    np.testing.assert_allclose(found.information, (x.T * weights) @ x + np.diag(design.penalty), rtol=1e-9, atol=1e-6)


def test_a_short_season_is_multiplied_out() -> None:
    assert build_design(hour_grid(STARTS_AT, 1_104, ZONE), np.array([], dtype=np.int64), Spec()).long is None


def test_a_long_seasons_products_are_those_of_its_columns() -> None:
    grid = hour_grid(STARTS_AT, LEAST_ROWS + 7, ZONE)
    design = build_design(grid, np.array([int(grid.day[0]) + 90]), Spec())
    draw = np.random.default_rng(3)
    coefficients, values = draw.normal(size=len(design.penalty)), draw.normal(size=grid.rows)
    assert design.long is not None
    np.testing.assert_allclose(design.times(coefficients), design.columns @ coefficients, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(design.long.score(values), design.columns.T @ values, rtol=1e-9, atol=1e-9)
