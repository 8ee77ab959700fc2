"""How few voices make the buzz, and whether fewer than usual.

Concentration falls by itself as items pile up, so an event is compared with quiet windows cut down to as many
items as both have.

Source: Hurlbert 1971 (rarefaction); Gini 1912; docs/methods.md, section 7.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.spec import Spec

MIN_AUTHORS = 10  # definition: a promise to those who write, which no campaign may change
_TOP = 10  # definition: of the column
_CUTS = 20  # numerical tolerance: subsamples drawn of each window


@dataclass(frozen=True, slots=True, kw_only=True)
class BuzzMakers:
    """The columns of `buzz_makers`; None under ten authors (`small_cell`) or fifty items."""

    n_items: int
    n_authors: int | None
    gini: float | None = None
    hhi: float | None = None
    top1_share: float | None = None
    top10_share: float | None = None
    authors_for_half: int | None = None
    authors_for_half_ci_low: int | None = None
    authors_for_half_ci_high: int | None = None
    placebo_authors_for_half: float | None = None
    p_concentrated: float | None = None  # of being as concentrated as this in a quiet window
    status: Literal["ok", "insufficient_sample", "no_data"] = "ok"
    flags: tuple[str, ...] = ()


def measure_makers(items: Ints, quiet: Sequence[Ints], spec: Spec) -> BuzzMakers:
    """Concentration of one window; `items` holds the count of each author, `quiet` the same of placebo windows.

    Source: docs/methods.md, section 7.4.
    """
    counts = np.sort(items[items > 0])[::-1]
    n, authors = int(counts.sum()), len(counts)
    if n == 0:
        return BuzzMakers(n_items=0, n_authors=None, status="no_data")
    if authors < MIN_AUTHORS:
        return BuzzMakers(n_items=n, n_authors=None, status="insufficient_sample", flags=("small_cell",))
    if n < spec.min_items:
        return BuzzMakers(n_items=n, n_authors=authors, status="insufficient_sample")
    rng = np.random.default_rng(spec.seed)
    shares = counts / n
    drawn = np.array([half_of(rng.choice(counts, authors)) for _ in range(spec.resamples)])
    low, high = np.quantile(drawn, [spec.level / 2, 1 - spec.level / 2])
    usual, p = _against_quiet(counts, quiet, spec, rng)
    return BuzzMakers(
        n_items=n,
        n_authors=authors,
        gini=gini(counts),
        hhi=float((shares**2).sum()),
        top1_share=float(shares[0]),
        top10_share=float(shares[:_TOP].sum()),
        authors_for_half=half_of(counts),
        authors_for_half_ci_low=int(np.floor(low)),
        authors_for_half_ci_high=int(np.ceil(high)),
        placebo_authors_for_half=usual,
        p_concentrated=p,
        flags=() if p is not None else ("no_placebo",),
    )


def gini(counts: Ints) -> float:
    """Gini's coefficient with the small-sample factor n / (n - 1).

    Source: Gini 1912; Deltas 2003 (the small-sample factor).
    """
    ordered = np.sort(counts).astype(np.float64)
    n = len(ordered)
    lorenz = float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))
    return lorenz * n / (n - 1)


def half_of(counts: Ints) -> int:
    """The least number of authors who together wrote half of the items.

    Source: docs/methods.md, section 7.4.
    """
    running = np.cumsum(np.sort(counts)[::-1])
    return int(np.searchsorted(running, running[-1] / 2) + 1)


def rarefied_half(counts: Ints, items: int, rng: np.random.Generator) -> float:
    """Mean of `half_of` over random subsamples of so many items.

    Source: Hurlbert 1971.
    """
    if int(counts.sum()) <= items:
        return float(half_of(counts))
    cuts = rng.multivariate_hypergeometric(counts, items, size=_CUTS, method="marginals")
    return float(np.mean([half_of(cut[cut > 0]) for cut in cuts]))


def _against_quiet(
    counts: Ints, quiet: Sequence[Ints], spec: Spec, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    """What so many items usually need, at the event's own size where quiet windows reach it; and p at equal size."""
    windows = [window[window > 0] for window in quiet if int(window.sum()) >= spec.min_items]
    if len(windows) < spec.min_placebo:
        return None, None
    n = int(counts.sum())
    # All windows at the size of the smallest: then the event is one of them under the null.
    least = min(n, *(int(window.sum()) for window in windows))
    at_least: Floats = np.array([rarefied_half(window, least, rng) for window in windows])
    p = (1 + int((at_least <= rarefied_half(counts, least, rng)).sum())) / (len(windows) + 1)
    large = [window for window in windows if int(window.sum()) >= n]
    usual = float(np.mean([rarefied_half(window, n, rng) for window in large])) if large else None
    return usual, p
