"""Time for each (candidate, event, horizon), on one core and on two, and whether the answers are the same.

python -m bench.effects.effects_speed

Seconds of the clock mean little on a busy machine. So processor seconds are told as well: of one core, and of two the
longest that any must work (this process, and half of what its workers do).
"""

import csv
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench.effects.worlds import World, make_case
from flows.effects_csv.answer import answer_asks
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.study import Study

CANDIDATES, DEBATES = 75, 10


def write_case(folder: Path) -> tuple[Path, Path]:
    case = make_case(World(name="speed", candidates=CANDIDATES, debates=DEBATES, days=300, wobble=0.2, news=0.2), 1)
    first = date(2011, 4, 4)
    series, events = folder / "series.csv", folder / "events.csv"
    with series.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_id", "candidate_id", "start_local", "interval_minutes", "count", "amount", "coverage"])
        for one, counts in enumerate(case.counts):
            rows.writerows(("a", f"c{one}", first + timedelta(i), 1440, int(n), "", 1) for i, n in enumerate(counts))
    with events.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_id", "event_id", "event_kind", "start_local", "tz", "participants"])
        for occasion in case.occasions:
            who = "|".join(f"c{i}" for i in range(CANDIDATES) if occasion.attends[i])
            day = first + timedelta(occasion.start_row)
            rows.writerow(("a", occasion.event_id, "debate", day, "Europe/Paris", who))
    return series, events


def _processor_seconds() -> tuple[float, float]:
    """Of this process, and of the workers that have ended."""
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime, workers.ru_utime + workers.ru_stime


def hours_ms() -> tuple[int, float]:
    """Estimates on hour rows at three horizons, and the processor milliseconds of each, the baselines included."""
    world = World(name="hours", is_hourly=True, days=120, debates=8, mean=400, wobble=0.2, news=0.2, tau=0.4)
    case, asked = make_case(world, 1), 0
    began = time.process_time()
    study = Study(case.fit())
    for series in range(len(case.counts)):
        for hours in (3, 24, 72):
            for occasion in case.occasions:
                if occasion.attends[series]:
                    estimate_effect(study, series, occasion, hours)
                    asked += 1
    return asked, 1000 * (time.process_time() - began) / asked


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        series, events = write_case(Path(folder))
        outcomes, seconds, processor = [], [], []
        for workers in (1, 2):
            began, used = time.perf_counter(), _processor_seconds()
            outcomes.append(answer_asks(series, events, workers=workers))
            seconds.append(time.perf_counter() - began)
            own, of_workers = (now - then for now, then in zip(_processor_seconds(), used, strict=True))
            processor.append(own + of_workers / 2)
        n = len(outcomes[0])
        print(f"{n} estimates (reading the files included)")
        each = f"{1000 * seconds[0] / n:.1f} ms each, {1000 * processor[0] / n:.1f} ms of them computing"
        print(f"one core   {seconds[0]:6.1f} s: {each}   limit 10")
        by_processor = f"{processor[0] / processor[1]:.2f} times by processor seconds"
        print(f"two cores  {seconds[1]:6.1f} s: {seconds[0] / seconds[1]:.2f} times one, {by_processor}   limit 1.7")
        print(f"same answers: {outcomes[0] == outcomes[1]}")
    print("hour rows, {} estimates at three horizons: {:.1f} ms each   limit 10".format(*hours_ms()))


if __name__ == "__main__":
    main()
