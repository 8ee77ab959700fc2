"""Which part of the estimator earns its place: each left out in a world where a gate then fails.

    python -m bench.effects.ablation [--cases 20] [--seed 920000]

A part that no world misses does not belong in the estimator: the choice of how much a trend bends, and the test by
rank, went for that reason. Some parts are missed elsewhere than in a whole window of days or hours: in a window that
still runs, in a handful of counts, in the mean of a few events; these ask in their own way (`asks`).
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np

from bench.effects import few_counts, pooling, so_far
from bench.effects.calibration import OURS, Result, run_case, score
from bench.effects.worlds import MAILS, NIGHTS, OTHER, PUBLIC, RAMPS, World
from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline import panel
from warehouse.effects.estimate import comparison, effect, study
from warehouse.effects.estimate.carry_over import CarryOver
from warehouse.effects.estimate.controls import Spill
from warehouse.effects.estimate.windows import placebo_starts
from warehouse.effects.spec import Spec

# Every debate has an effect that fades slowly, and half of them follow another by three days.
_ECHOES = World(name="slow echoes", mean=300.0, counting=40.0, pairs=0.5, wobble=0.15, null_share=0.0, tau=4.0)
_ABSENT_LOSE = World(name="the absent lose", spill=0.4, news=0.2, wobble=0.2)
_BLIND = World(name="blind days", silent=0.1, wobble=0.2)
_FAMILIES = PUBLIC + OTHER + NIGHTS + RAMPS + MAILS


Asks = Callable[[World, int], Iterable[Result]]


def _whole(world: World, seed: int) -> Iterable[Result]:
    return run_case(world, seed, with_peers=False)


def _running(world: World, seed: int) -> Iterable[Result]:
    """Half of the window is in."""
    return [result for result in so_far.run_case(world, seed) if result[1].endswith(".50")]


def _handfuls(world: World, seed: int) -> Iterator[Result]:
    """Events that were never held, and peaks of six times."""
    for asked, truth in ((few_counts.nulls(world, seed), 0.0), (few_counts.peaks(world, seed), few_counts.LOG_TIMES)):
        for one in asked:
            if one.estimate is not None:
                found = one.estimate.evidence
                numbers = one.estimate.log_rr, found.low, found.high, found.p
                yield OURS, world.name, truth, truth == 0, *numbers, 0.0


def _means_of_three(world: World, seed: int) -> Iterator[Result]:
    """Three events that differ by .3; of a pooled interval nothing is asked but whether it holds the mean."""
    for (low, high), _ in pooling.intervals(pooling.errors_of(world, seed), 3, 0.3):
        yield OURS, world.name, 0.0, True, (low + high) / 2, low, high, float(low <= 0 <= high), 0.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part, how to leave it out, and the world that misses it, with its gates."""

    name: str
    without: Callable[[], AbstractContextManager[object]]
    world: World
    coverage: float = 0.93
    size: float = 0.065
    rmse: float = np.inf
    width: float = np.inf
    asks: Asks = _whole


def _named(name: str) -> World:
    return next(world for world in _FAMILIES if world.name == name)


def _no_carry_over() -> AbstractContextManager[object]:
    def nothing(panel_: panel.Panel, *_given: object) -> CarryOver:
        return CarryOver(log_lift=np.zeros(panel_.grid.rows), variance=0.0)

    return patch.object(comparison, "carry_over", nothing)


def _no_spill() -> AbstractContextManager[object]:
    return patch.object(comparison, "estimate_spill", lambda *_given: Spill(mean=0.0, variance=0.0))


def _no_controls() -> AbstractContextManager[object]:
    return patch.object(comparison, "usable_controls", lambda *_given: [])


def _no_silent_outages() -> AbstractContextManager[object]:
    def none(counts: Floats, *_given: object) -> Bools:
        return np.zeros(counts.shape, dtype=np.bool_)

    return patch.object(panel, "find_silent_outages", none)


@contextmanager
def _no_anticipation() -> Iterator[None]:
    with (
        patch.object(panel, "rows_before", lambda *_given: 0),
        patch("warehouse.effects.baseline.asked.rows_before", lambda *_given: 0),
    ):
        yield


def _every_hour() -> AbstractContextManager[object]:
    return patch.object(study, "placebo_starts", lambda panel, asked, *_reach: placebo_starts(panel, asked, 12))


def _no_coincidence() -> AbstractContextManager[object]:
    return patch.object(effect, "coincident", lambda *_given: ())


def _no_end() -> AbstractContextManager[object]:
    """The end of what is known is as sure as its coefficients are by themselves."""
    return patch.object(study.Study, "clumping", lambda *_given: 0.0)


def _no_counts() -> AbstractContextManager[object]:
    return patch.object(comparison, "of_few_counts", lambda evidence, *_given, **_named: evidence)


def _all_alike() -> AbstractContextManager[object]:
    """Events are held to do the same, whatever is seen."""
    return patch.object(pooling, "Spec", lambda: Spec(pool_alike=0.999))


PARTS = (
    Part(name="carry-over", without=_no_carry_over, world=_ECHOES),
    Part(name="spill-over", without=_no_spill, world=_ABSENT_LOSE),
    Part(name="controls", without=_no_controls, world=_named("common news"), rmse=0.30),
    Part(name="undeclared outages", without=_no_silent_outages, world=_BLIND, rmse=0.30),
    Part(name="anticipation", without=_no_anticipation, world=_named("ramp of 4 h, 3 h")),
    Part(
        name="the event's own hour",
        without=_every_hour,
        world=replace(_named("restless evenings, 90 days"), name="restless evenings, 150 days", days=150, debates=8),
        coverage=0.92,
        size=0.08,  # of some 90 nulls
    ),
    Part(name="coincident events", without=_no_coincidence, world=_named("a mailing on the day"), size=0.08),
    Part(name="the end of what is known", without=_no_end, world=_named("hours, 24 h"), size=0.09, asks=_running),
    Part(
        name="counts as counts",
        without=_no_counts,
        world=replace(few_counts.WORLD, name="eight gifts a day", mean=8.0, counting=few_counts.POISSON),
        asks=_handfuls,
        width=2.5,
    ),
    Part(name="how much events differ", without=_all_alike, world=_named("poisson"), size=0.07, asks=_means_of_three),
)


def passes(part: Part, cases: int, seed: int) -> bool:
    """Whether the gates of a part hold in its world."""
    s = score([result for i in range(cases) for result in part.asks(part.world, seed + i)])
    coverage, size, rmse, width = (float(s[at]) for at in (2, 3, 6, 7))
    print(f" coverage {coverage:.3f}, size {size:.3f}, RMSE {rmse:.3f}, width {width:.2f}", end="", flush=True)
    return coverage >= part.coverage and not size > part.size and rmse <= part.rmse and width <= part.width


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=920_000)
    parser.add_argument("--only", choices=[part.name for part in PARTS])
    given = parser.parse_args()
    for part in PARTS:
        if given.only not in {None, part.name}:
            continue
        print(f"{part.name} (world: {part.world.name})")
        for title, leave_out in (("with", None), ("without", part.without)):
            print(f"  {title:8s}", end="")
            if leave_out is None:
                holds = passes(part, given.cases, given.seed)
            else:
                with leave_out():
                    holds = passes(part, given.cases, given.seed)
            print("  gates hold" if holds else "  a gate fails")


if __name__ == "__main__":
    main()
