"""Coverage, size and error of the estimator on invented campaigns, beside what people use instead.

    python -m bench.effects.calibration [--cases 8] [--seed 900000] [--no-peers]
        [--worlds public|other|nights|ramps|mails|all]
    python -m bench.effects.calibration --folder DIR     a folder with series, events, asks and truth.csv

The peers answer on day rows only. CausalImpact takes part where `bsts-causalimpact` is installed.
"""

import argparse
import csv
import os
import time
import warnings
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.effects.peers import Window, peers
from bench.effects.worlds import MAILS, NIGHTS, OTHER, PUBLIC, RAMPS, Case, World, make_case
from flows.effects_csv.answer import answer_asks
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.study import Study

OURS = "afterdebate"
Result = tuple[str, str, float, bool, float, float, float, float, float]  # method, world, truth, null, 4 numbers, s
_FAMILIES = {"public": PUBLIC, "other": OTHER, "nights": NIGHTS, "ramps": RAMPS, "mails": MAILS}
_COLUMNS = ("n", "answered", "coverage", "size", "power", "bias", "RMSE", "width", "score", "ms")
_HEAD = " " * 34 + "".join(f"{name:>9s}" for name in _COLUMNS)


def run_case(world: World, seed: int, *, with_peers: bool) -> list[Result]:
    case = make_case(world, seed)
    results: list[Result] = []
    began = time.process_time()
    study = Study(case.fit())
    fitting = (time.process_time() - began) / max(int(np.isfinite(case.truth).sum()), 1)
    for one in range(len(case.counts)):
        for debate, occasion in enumerate(case.debates):
            if not occasion.attends[one]:
                continue
            truth, is_null = float(case.truth[one, debate]), bool(case.is_null[one, debate])
            began = time.process_time()
            found = estimate_effect(study, one, occasion, case.length).estimate
            numbers = (np.nan,) * 4
            if found is not None:
                numbers = (found.log_rr, found.evidence.low, found.evidence.high, found.evidence.p)
            results.append((OURS, world.name, truth, is_null, *numbers, time.process_time() - began + fitting))
            if with_peers and not world.is_hourly:
                results += _ask_peers(case, one, debate, world.name)
    return results


def _ask_peers(case: Case, one: int, debate: int, world: str) -> list[Result]:
    seen = np.where(case.coverage >= 0.95, case.counts, np.nan)
    occasion = case.debates[debate]
    results: list[Result] = []
    window = Window(seen[one], seen[~occasion.attends], occasion.start_row, case.length)
    for name, ask in peers().items():
        began = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimate, low, high, p = (float(value) for value in ask(window))
        spent = time.process_time() - began
        truth, is_null = float(case.truth[one, debate]), bool(case.is_null[one, debate])
        results.append((name, world, truth, is_null, estimate, low, high, p, spent))
    return results


def score(results: Iterable[Result]) -> NDArray[np.float64]:
    """n, answered, coverage, size, power above 1.5, bias, RMSE, median width, interval score, ms."""
    rows = np.array([result[2:] for result in results], dtype=np.float64)
    ok = np.isfinite(rows[:, 2:6]).all(axis=1)
    truth, is_null, estimate, low, high, p, spent = rows[ok].T
    width = high - low
    missed = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    null, large = is_null == 1, truth > np.log(1.5)
    return np.array(
        [
            len(rows),
            ok.mean(),
            (missed == 0).mean(),
            (p[null] <= 0.05).mean() if null.any() else np.nan,
            (p[large] <= 0.05).mean() if large.any() else np.nan,
            (estimate - truth).mean(),
            np.sqrt(((estimate - truth) ** 2).mean()),
            np.median(width),
            (width + 40 * missed).mean(),
            1000 * spent.mean(),
        ]
    )


def print_scores(results: list[Result]) -> None:
    by_method: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        by_method[result[0]][result[1]].append(result)
    print(f"\nBy world, {OURS}\n{_HEAD}")
    for world, members in by_method[OURS].items():
        print(_line(world, score(members)))
    print(f"\nBy method: mean over worlds, (worst) coverage and size\n{_HEAD}")
    for method, worlds in by_method.items():
        scores = np.array([score(members) for members in worlds.values()])
        mean = np.nanmean(scores, axis=0)
        mean[0] = scores[:, 0].sum()
        print(f"{_line(method, mean)}   ({scores[:, 2].min():.3f}, {np.nanmax(scores[:, 3]):.3f})")


def _line(name: str, s: NDArray[np.float64]) -> str:
    return f"{name:34s}{s[0]:9.0f}" + "".join(f"{value:9.3f}" for value in s[1:9]) + f"{s[9]:9.1f}"


def read_folder(folder: Path) -> list[Result]:
    """Our answers to a folder's asks beside its truth, through the same files that users have."""
    began = time.perf_counter()
    answers = answer_asks(folder / "series.csv", folder / "events.csv", asks_path=folder / "asks.csv")
    spent = (time.perf_counter() - began) / max(len(answers), 1)
    with (folder / "truth.csv").open(newline="") as file:
        truths = {(r["case_id"], r["candidate_id"], r["event_id"]): r for r in csv.DictReader(file)}
    results: list[Result] = []
    for a in answers:
        truth = truths[a.case_id, a.candidate_id, a.event_id]
        numbers = [np.nan if x is None else x for x in (a.estimate_log_rr, a.ci_low, a.ci_high, a.p_value)]
        is_null = truth["clean_null"] == "True"
        results.append((OURS, truth["scenario"], float(truth["true_log_rr"]), is_null, *numbers, spent))  # type: ignore[arg-type]
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=8)
    parser.add_argument("--seed", type=int, default=900_000)
    parser.add_argument("--worlds", choices=[*_FAMILIES, "all"], default="all")
    parser.add_argument("--only", default="", help="worlds whose name begins so")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    if given.folder:
        print_scores(read_folder(given.folder))
        return
    worlds = _FAMILIES.get(given.worlds) or [world for family in _FAMILIES.values() for world in family]
    chosen = [world for world in worlds if world.name.startswith(given.only)]
    jobs = [(world, given.seed + i) for world in chosen for i in range(given.cases)]
    print(f"{given.cases} cases a world, seeds from {given.seed}")
    with ProcessPoolExecutor(given.workers) as pool:
        run = partial(run_case, with_peers=not given.no_peers)
        done = pool.map(run, *zip(*jobs, strict=True), chunksize=4)
        print_scores([result for results in done for result in results])


if __name__ == "__main__":
    main()
