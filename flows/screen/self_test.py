"""The sizes that a self-test found, as tables to look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich.table import Table

from flows.effects_csv.self_test import SizeOfHour, together
from warehouse.effects.estimate.self_test import NullSize, most_by_chance
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec

LEGEND = """\
size: of events that were never held, at that hour on days without any of your own, the share that the estimator calls
an effect. It should be about {level:.3f}. (limit): what chance alone passes once in twenty for so few windows; a size
above it, marked !, says that p-values at that hour run too small on this series."""


def size_tables(sizes: Iterable[SizeOfHour], spec: Spec) -> Iterator[Table]:
    """One table for hours and one for days: a line an hour, a column a horizon, and a line for all hours."""
    by_interval: dict[int, list[SizeOfHour]] = defaultdict(list)
    for one in sizes:
        by_interval[one.interval_minutes].append(one)
    for interval, ones in by_interval.items():
        horizons = sorted({one.horizon_minutes for one in ones})
        of_what = "days" if interval == MINUTES_A_DAY else "hours"
        table = Table("starts at", title=f"Size on {of_what}, and (limit)", title_justify="left", show_edge=False)
        for horizon in horizons:
            table.add_column(f"{horizon // MINUTES_AN_HOUR} h", justify="right")
        cells = {(one.hour, one.horizon_minutes): one.size for one in ones}
        for hour in sorted({one.hour for one in ones}) if interval != MINUTES_A_DAY else ():
            table.add_row(
                f"{hour:02d}:00",
                *(_cell(cells[hour, horizon], MINUTES_A_DAY // interval, spec) for horizon in horizons),
            )
        of_all = [together([one.size for one in ones if one.horizon_minutes == horizon]) for horizon in horizons]
        table.add_row("all", *(_cell(size, 1, spec) for size in of_all))
        yield table


def _cell(size: NullSize, rows_apart: int, spec: Spec) -> str:
    if size.size is None:
        return "none tested"
    limit = most_by_chance(size, spec.level, rows_apart)
    return f"{size.size:.3f} of {size.tested} ({limit:.3f}){' !' if size.size > limit else '  '}"
