"""Which part of the estimator earns its place: each left out in a world where a gate then fails.

    python -m bench.ablation [--cases 20] [--seed 920000]

A part that no world misses does not belong in the estimator: the choice of how much a trend bends, and the test by
rank, went for that reason.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np

from bench.calibration import run_case, score
from bench.worlds import MAILS, NIGHTS, OTHER, PUBLIC, RAMPS, World
from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline import panel
from warehouse.effects.estimate import comparison, effect, study
from warehouse.effects.estimate.carry_over import CarryOver
from warehouse.effects.estimate.controls import Spill
from warehouse.effects.estimate.windows import placebo_starts

# Every debate has an effect that fades slowly, and half of them follow another by three days.
_ECHOES = World(name="slow echoes", mean=300.0, counting=40.0, pairs=0.5, wobble=0.15, null_share=0.0, tau=4.0)
_ABSENT_LOSE = World(name="the absent lose", spill=0.4, news=0.2, wobble=0.2)
_BLIND = World(name="blind days", silent=0.1, wobble=0.2)
_FAMILIES = PUBLIC + OTHER + NIGHTS + RAMPS + MAILS


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part, how to leave it out, and the world that misses it, with its gates."""

    name: str
    without: Callable[[], AbstractContextManager[object]]
    world: World
    coverage: float = 0.93
    size: float = 0.065
    rmse: float = np.inf


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
    return patch.object(study, "placebo_starts", lambda *given: placebo_starts(*given[:2], 12))


def _no_coincidence() -> AbstractContextManager[object]:
    return patch.object(effect, "coincident", lambda *_given: ())


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
)


def passes(part: Part, cases: int, seed: int) -> bool:
    """Whether the gates of a part hold in its world."""
    s = score([result for i in range(cases) for result in run_case(part.world, seed + i, with_peers=False)])
    coverage, size, rmse = float(s[2]), float(s[3]), float(s[6])
    print(f" coverage {coverage:.3f}, size {size:.3f}, RMSE {rmse:.3f}", end="")
    return coverage >= part.coverage and not size > part.size and rmse <= part.rmse


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=920_000)
    given = parser.parse_args()
    for part in PARTS:
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
