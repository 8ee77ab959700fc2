"""What the demo prints of the published database: coverage, and each debate beside the days before it."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from flows.screen.console import console
from flows.screen.tables import Row, rows_of
from warehouse.publish.reading import query_report

_HOURS = (3, 4, 24)
_LEGEND = """\
seen: from the debate's start. usual: the mean of the same clock window on those of the seven days before that were
observed whole; days used says how many, for 3, 4 and 24 h. no_data: nobody looked. unknown: nobody knows how much
was seen. (synthetic): made up, to show the way. A simple comparison: no estimate, no test, no cause."""
_VERDICT_LEGEND = """\
verdict: effect where p, corrected for all debates of a source and horizon, is at most 5 %: a ratio whose own interval
leaves out 1 may still be none. not enough data: a doubling might have gone unseen. ALL: pooled over the debates."""


def print_demo_tables(home: Path, timezone: str) -> None:
    """Print coverage by source, then mentions and money after each debate beside the seven days before."""
    out = console(is_wide=True)
    out.print()
    out.print(coverage_table(rows_of(query_report(home, "coverage_by_source"))))
    compared = rows_of(query_report(home, "simple_comparison"))
    for measure in ("mentions", "money"):
        out.print()
        out.print(comparison_table(measure, [row for row in compared if row["measure"] == measure], timezone))
    typer.echo(_LEGEND)
    effects = rows_of(query_report(home, "effects"))
    if effects:
        out.print()
        out.print(effects_table([row for row in effects if row["status"] == "ok"]))
        without = Counter(row["status"] for row in effects if row["status"] != "ok")
        told = ", ".join(f"{count} {status}" for status, count in sorted(without.items()))
        typer.echo(_VERDICT_LEGEND)
        typer.echo(f"Windows without an estimate, by reason: {told or 'none'}")


def coverage_table(rows: Iterable[Row]) -> Table:
    """Hours of the season that each source saw whole, in part, not at all, or nobody knows how well."""
    table = Table("source", title="Coverage, in hours of the season", title_justify="left", show_edge=False)
    for name in ("whole", "partial", "unseen", "unknown"):
        table.add_column(name, justify="right")
    for row in rows:
        hours = (row[f"hours_{name}"] for name in ("whole", "partial", "unseen", "unknown"))
        table.add_row(_marked(row["source_id"], row), *map(str, hours))
    return table


def comparison_table(measure: str, rows: Iterable[Row], timezone: str) -> Table:
    """One line for each debate and series; a cell for each window length."""
    rows = list(rows)
    units = f" in million {'/'.join(sorted({row['currency'] for row in rows}))}" if measure == "money" else ""
    title = f"Simple comparison of {measure}{units}: seen / usual"
    table = Table("debate", "who", "source", title=title, title_justify="left", show_edge=False)
    for name in (*(f"{hours} h" for hours in _HOURS), "days used", "coverage"):
        table.add_column(name, justify="right", no_wrap=True)
    last = None
    # The answer is in this order already.
    for (event_id, series, scope, who), lengths in groupby(rows, key=_series):
        by_hours = {row["hours"]: row for row in lengths}
        any_row = by_hours[_HOURS[0]]
        debate = f"{any_row['debate_at'].astimezone(ZoneInfo(timezone)):%d %b}"
        source = _marked(f"{series}, {scope}" if scope == "local" else series, any_row)
        cells = [_compared(by_hours[hours]) for hours in _HOURS]
        days = ", ".join(str(by_hours[hours]["days_used"]) for hours in _HOURS)
        table.add_row(debate if event_id != last else "", who, source, *cells, days, _coverage(by_hours.values()))
        last = event_id
    return table


def effects_table(rows: Iterable[Row]) -> Table:
    """What the estimator says: one line for each event, series and window that it can answer."""
    title = "Effects: observed, and expected without the event; money in million; * cancelled, a control"
    table = Table(title=title, title_justify="left", show_edge=False)
    for name in ("event", "who", "source"):
        table.add_column(name, no_wrap=True)
    for name in ("hours", "observed", "expected", "ratio (95 %)"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows:
        source = _marked(f"{row['series']}, {row['scope']}" if row["scope"] == "local" else row["series"], row)
        amounts = (_number(row["observed"], row), _number(row["expected"], row))
        ratio = f"{row['rr']:.2f} ({row['rr_low']:.2f} to {row['rr_high']:.2f})"
        hours = f"{row['horizon_minutes'] / 60:g}"
        event = row["event_id"].removeprefix("debate-") + (" *" if row["is_cancelled"] else "")
        table.add_row(event, row["candidate_id"], source, hours, *amounts, ratio, row["verdict"].replace("_", " "))
    return table


def _series(row: Row) -> tuple[str, str, str | None, str]:
    return row["event_id"], row["series"], row["scope"], row["candidate_id"]


def _marked(name: str, row: Row) -> str:
    return f"{name} (synthetic)" if row["is_synthetic"] and "synthetic" not in name else name


def _compared(row: Row) -> str:
    if row["seen"] is None:
        return "no_data"
    usual = "no_data" if row["usual"] is None else _number(row["usual"], row)
    return f"{_number(row['seen'], row)} / {usual}"


def _number(value: float, row: Row) -> str:
    if row["measure"] == "money":
        return f"{value / 1e6:.2f}"
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _coverage(rows: Iterable[Row]) -> str:
    known = [row["coverage"] for row in rows]
    return "unknown" if None in known else f"{min(known):.2f}"
