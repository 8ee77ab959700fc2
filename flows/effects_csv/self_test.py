"""`afterdebate effects --self-test`: how often the estimator finds an effect of nothing on one's own series."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from flows.collected import Tell
from flows.effects_csv.answer import place_all
from flows.effects_csv.events import read_events
from flows.effects_csv.inputs import read_series
from flows.effects_csv.panels import build_panels
from warehouse.effects.estimate.self_test import NullSize, null_sizes
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import MINUTES_A_DAY, SHORTEST_ON_DAYS, Spec

MOST_DAYS = 120  # a series, hour and window length


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeOfHour:
    """One cell of the table, over all series."""

    interval_minutes: int
    hour: int
    horizon_minutes: int
    size: NullSize


def self_test(series_path: Path, events_path: Path, spec: Spec, tell: Tell) -> list[SizeOfHour]:
    """The size at each hour and horizon, over all series of the file; those that cannot be placed are left out.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
    """
    file, events = read_series(series_path), read_events(events_path)
    found: dict[tuple[int, int, int], list[NullSize]] = defaultdict(list)
    for case_id in file.cases:
        own = events.get(case_id, [])
        placed, _ = place_all(case_id, file, own)
        minutes = [event.minute for event in own if event.is_placed][:1] or [0]
        for panel in build_panels(list(placed.values()), own, minutes).values():
            study, interval = Study(panel.fit(panel.events, spec)), panel.grid.interval_minutes
            for series, name in enumerate(panel.names):
                tell(f"{case_id} {name}")
                if study.panel.fits[series] is not None:
                    for size in null_sizes(study, series, _lengths(interval, spec), MOST_DAYS):
                        found[interval, size.hour, size.length * interval].append(size)
    return [
        SizeOfHour(interval_minutes=interval, hour=hour, horizon_minutes=horizon, size=together(sizes))
        for (interval, hour, horizon), sizes in sorted(found.items())
    ]


def _lengths(interval: int, spec: Spec) -> tuple[int, ...]:
    is_daily = interval == MINUTES_A_DAY
    return tuple(
        horizon // interval
        for horizon in spec.horizons
        if horizon % interval == 0 and (not is_daily or horizon >= SHORTEST_ON_DAYS)
    )


def together(sizes: list[NullSize]) -> NullSize:
    """All of them as one."""
    return NullSize(
        hour=sizes[0].hour,
        length=sizes[0].length,
        tested=sum(size.tested for size in sizes),
        rejected=sum(size.rejected for size in sizes),
    )
