"""How often a change of support in polls is seen: where nothing changed, and where something did.

    python -m bench.effects.poll_changes [--worlds 400] [--seed 1] [--polls FILE]

A world is a season of 200 days with 16 pollsters. Each has a house effect (sd 1.5 points) and asks 500 to 4,000 people
of one of two kinds, one of which finds 1 point more; polls differ by 1 point more than sampling says. Two of the
pollsters track: each day they publish the last five days, so their polls share people. Support stands still, or moves
by itself as a random walk of .1 or .15 points a day; it changes by 3 points on day 150, or by none. `few`: 6 pollsters.

With AFTERDEBATE_BENCH_DATA (or --polls: a CSV with pollster, number.of.observations, start.date, end.date, obama,
romney, state) the national polls of 2012 are asked on each quiet date as if something had happened there.
"""

import argparse
import csv
import os
from datetime import datetime
from pathlib import Path
from time import process_time

import numpy as np

from warehouse.effects.polls.change import measure_change
from warehouse.effects.polls.quiet import Quiet, judge, quiet_changes
from warehouse.effects.polls.windows import Polls
from warehouse.effects.spec import Spec

SPEC = Spec()
DAYS, EVENT, CHANGE = 200, 150, 3.0
WORLDS = {
    "nothing moves": (16, 0.0),
    "support drifts, .1 a day": (16, 0.1),
    "support drifts, .15 a day": (16, 0.15),
    "few pollsters, nothing moves": (6, 0.0),
    "few pollsters, .1 a day": (6, 0.1),
}
OF_2012 = [(8, 11, 11), (8, 27, 30), (9, 4, 6), (10, 3, 3), (10, 11, 11), (10, 16, 16), (10, 22, 22), (11, 6, 6)]
Rng = np.random.Generator


def draw_polls(rng: Rng, pollsters: int, drift: float) -> tuple[Polls, np.ndarray]:
    """The polls of one world without an event, and which part of each one's fieldwork lies after the event's day."""
    support = 47 + np.cumsum(rng.normal(0, drift, DAYS)) if drift else np.full(DAYS, 47.0)
    house, kind = rng.normal(0, 1.5, pollsters), rng.integers(0, 2, pollsters)
    rows = []
    for one in range(pollsters):
        size = float(np.exp(rng.uniform(np.log(500), np.log(4000))))
        if one < 2:  # tracks: the people of five days, each day's asked once
            daily = [_asked(rng, support[day] + house[one] + kind[one], size / 5) for day in range(DAYS)]
            rows += [
                (last - 4, last, one, kind[one], size, float(np.mean(daily[last - 4 : last + 1])))
                for last in range(4, DAYS)
            ]
            continue
        day = int(rng.integers(0, 14))
        while day < DAYS - 4:
            last = day + int(rng.integers(1, 5))
            last = min(last, DAYS - 1)
            true = support[day : last + 1].mean() + house[one] + kind[one]
            rows.append((day, last, one, kind[one], size, _asked(rng, true, size)))
            day = last + int(rng.integers(3, 18))
    first, end, who, people, sample, share = (np.array(column) for column in zip(*rows, strict=True))
    polls = Polls(
        first_day=first, last_day=end, pollster=who, population=people, sample=sample.astype(float),
        share=(share + rng.normal(0, 1.0, len(share))) / 100,
    )  # fmt: skip
    return polls, np.clip((end - EVENT) / (end - first + 1), 0, 1)


def _asked(rng: Rng, true: float, size: float) -> float:
    return float(rng.binomial(int(size), np.clip(true / 100, 0.01, 0.99)) / int(size) * 100)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--polls", type=Path, default=Path(os.environ.get("AFTERDEBATE_BENCH_DATA", "-")) / "us2012_polls/polls.csv"
    )
    given = parser.parse_args()
    print(f"{given.worlds} worlds each, seed {given.seed}; level {SPEC.level}; a change of {CHANGE} points or none")
    print(
        f"{'':32s}{'size':>7}{'placebo':>9}{'coverage':>10}{'power':>8}{'half width':>12}{'by polls alone: size':>22}"
    )
    for name, (pollsters, drift) in WORLDS.items():
        rng = np.random.default_rng([given.seed, *name.encode()])
        began, rows = (
            process_time(),
            [one for one in (_world(rng, pollsters, drift) for _ in range(given.worlds)) if one],
        )
        size, placebo, covered, power, half, alone = np.mean(rows, axis=0)
        print(
            f"{name:32s}{size:7.3f}{placebo:9.3f}{covered:10.3f}{power:8.3f}{half:12.2f}{alone:22.3f}"
            f"   of {len(rows)}, {process_time() - began:.0f} s"
        )
    if given.polls.is_file():
        real_quiet_dates(given.polls)
    else:
        print("real polls: skipped, AFTERDEBATE_BENCH_DATA is not set")


def _world(rng: Rng, pollsters: int, drift: float) -> tuple[float, ...] | None:
    polls, part = draw_polls(rng, pollsters, drift)
    quiet = quiet_changes(polls, [(EVENT, EVENT)], SPEC)
    moved = Polls(
        first_day=polls.first_day, last_day=polls.last_day, pollster=polls.pollster, population=polls.population,
        sample=polls.sample, share=polls.share + part * CHANGE / 100,
    )  # fmt: skip
    none = measure_change(polls, EVENT, EVENT, SPEC)
    still, some = judge(none, quiet, SPEC), judge(measure_change(moved, EVENT, EVENT, SPEC), quiet, SPEC)
    alone = judge(none, Quiet(changes=(), drift2=None, windows=0.0), SPEC)
    if still is None or some is None or alone is None:
        return None
    return (
        still.p <= SPEC.level,
        (still.p_placebo or 1.0) <= SPEC.level,
        some.low <= CHANGE <= some.high,
        some.p <= SPEC.level,
        (some.high - some.low) / 2,
        alone.p <= SPEC.level,
    )


def real_quiet_dates(path: Path) -> None:
    """Share of quiet dates of 2012 that would be called a change, each beside all the others."""
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == "--"]
    events = [
        (datetime(2012, month, first).toordinal(), datetime(2012, month, last).toordinal())  # noqa: DTZ001
        for month, first, last in OF_2012
    ]
    names = sorted({_house(row["pollster"]) for row in rows})
    for candidate in ("obama", "romney"):
        polls = Polls(
            first_day=_days(rows, "start.date"),
            last_day=_days(rows, "end.date"),
            pollster=np.array([names.index(_house(row["pollster"])) for row in rows]),
            population=np.zeros(len(rows), dtype=np.int64),
            sample=np.array([float(row["number.of.observations"]) for row in rows]),
            share=np.array([float(row[candidate]) / 100 for row in rows]),
        )
        quiet = quiet_changes(polls, events, SPEC)
        called = [judged.p <= SPEC.level for one in quiet.changes if (judged := judge(one, quiet, SPEC))]
        of = f"{len(called)} quiet dates ({quiet.windows:.0f} that share no poll)"
        print(f"2012, {candidate}: {np.mean(called):.3f} of {of} are called a change")


def _days(rows: list[dict[str, str]], column: str) -> np.ndarray:
    return np.array([datetime.strptime(row[column], "%m/%d/%y").toordinal() for row in rows])  # noqa: DTZ007


def _house(name: str) -> str:
    return name.split("[", maxsplit=1)[0].split("/", maxsplit=1)[0].strip()


if __name__ == "__main__":
    main()
