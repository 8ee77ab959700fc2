"""Tables that describe rather than test: decay, timing, leads, own voice, makers; anew for each touched campaign."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

import duckdb
import numpy as np

from warehouse.effects.cadence import measure_voice
from warehouse.effects.carry_over import own_starts
from warehouse.effects.concentration import measure_makers
from warehouse.effects.decay import HORIZON_HOURS, Decay, measure_decay
from warehouse.effects.effect import obstacle
from warehouse.effects.lead_lag import find_lead, log_residuals
from warehouse.effects.panel import Occasion
from warehouse.effects.paths import Path, trace_path
from warehouse.effects.spec import Spec
from warehouse.effects.timing import Timing, measure_timing
from warehouse.series_panels import EVERYONE, SourcePanel, day_of, read_events, read_panels

Row = dict[str, object]
_DAY_S = 86_400
_QUIET_DAYS = 28
_GUARD_DAYS = 4


def describe(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill the descriptive tables from staging; returns their names."""
    tell("describing decay, timing, leads, voices")
    spec = Spec()
    buzz, gifts = list(read_panels(con, "buzz", 60)), list(read_panels(con, "gifts", 60))
    daily = list(read_panels(con, "buzz", 1440)), list(read_panels(con, "gifts", 1440))
    tables: dict[str, list[Row]] = {
        "buzz_decay": [row for panel in buzz for row in _decays(panel, spec)],
        "donation_timing": [row for panel in gifts for row in _timings(panel, spec)],
        "buzz_donation_lead_lag": [*_leads(buzz, gifts, spec), *_leads(*daily, spec)],
        "own_voice": list(_voices(con, spec)),
        "buzz_makers": list(_makers(con, spec)),
    }
    return {fill_table(con, f"metrics.{name}", rows) for name, rows in tables.items()}


def fill_table(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> str:
    """Replace the rows of the touched campaigns; columns by name, `run_id` added; returns the table's name."""
    touched = {name for (name,) in con.execute("SELECT DISTINCT campaign_id FROM staging.touched_days").fetchall()}
    con.execute(f"DELETE FROM {table} WHERE campaign_id IN (SELECT campaign_id FROM staging.touched_days)")
    for row in rows:
        if row["campaign_id"] not in touched:
            continue
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        con.execute(
            f"INSERT INTO {table} ({names}, run_id) SELECT {marks}, run_id FROM staging.this_run",
            list(_honest(row).values()),
        )
    return table


def _honest(row: Mapping[str, object]) -> dict[str, object]:
    """The row, with the coverage blank where it was only assumed: nobody knows it."""
    flags = row.get("flags")
    is_assumed = isinstance(flags, list | tuple) and "coverage_assumed" in flags
    return {**row, "coverage": None} if is_assumed else dict(row)


def _debates(panel: SourcePanel) -> Iterable[tuple[Occasion, int, str]]:
    """Each held debate with each series that takes part in it."""
    for occasion in panel.study.panel.occasions:
        for series, name in enumerate(panel.study.panel.names):
            if occasion.kind == "debate" and occasion.attends[series]:
                yield occasion, series, name


def _path(panel: SourcePanel, series: int, occasion: Occasion) -> tuple[Path | None, str, float | None]:
    """The 72 hours of an event, or the status that stands in their way, and how much of them was seen."""
    inner, start = panel.study.panel, occasion.start_row
    status = obstacle(inner, series, start, HORIZON_HOURS)
    later = own_starts(inner, series)
    # Two events within the window: whose excess fades, nobody can tell.
    if status == "ok" and ((later > start) & (later < start + HORIZON_HOURS)).any():
        status = "insufficient_sample"
    window = slice(max(start, 0), max(start + HORIZON_HOURS, 0))
    coverage = float(inner.coverage[series, window].sum()) / HORIZON_HOURS
    if status == "ok" and not inner.usable[series, window].all():
        status = "insufficient_coverage"
    path = trace_path(panel.study, series, start, HORIZON_HOURS) if status == "ok" else None
    return path, "insufficient_placebo" if path is None and status == "ok" else status, coverage


def _decays(panel: SourcePanel, spec: Spec) -> Iterable[Row]:
    for occasion, series, name in _debates(panel):
        path, status, coverage = _path(panel, series, occasion)
        decay = asdict(measure_decay(path, spec) if path else Decay())
        decay |= {"status": decay["status"] if path else status, "flags": [*panel.flags, *decay["flags"]]}
        if decay["excess_total"] is not None:
            decay["excess_total"] *= panel.unit
        yield {
            "campaign_id": panel.campaign_id,
            "candidate_id": name,
            "source_kind": panel.source,
            "event_id": occasion.event_id,
            "coverage": coverage,
            **decay,
        }


def _timings(panel: SourcePanel, spec: Spec) -> Iterable[Row]:
    for occasion, series, name in _debates(panel):
        path, status, coverage = _path(panel, series, occasion)
        timing = asdict(measure_timing(path, spec) if path else Timing())
        timing |= {"status": timing["status"] if path else status, "flags": [*panel.flags, *timing["flags"]]}
        yield {
            "campaign_id": panel.campaign_id,
            "candidate_id": name,
            "source_id": panel.source,
            "event_id": occasion.event_id,
            "coverage": coverage,
            **timing,
        }


def _leads(buzz: list[SourcePanel], gifts: list[SourcePanel], spec: Spec) -> Iterable[Row]:
    """Each candidate's buzz against his own gifts, or against those of the whole platform."""
    for b in buzz:
        for g in gifts:
            if b.campaign_id != g.campaign_id:
                continue
            step = 1 if b.interval_minutes == 1440 else b.interval_minutes * 60  # noqa: PLR2004
            first = max(b.first, g.first)
            rows = min(b.first + b.study.panel.grid.rows * step, g.first + g.study.panel.grid.rows * step) - first
            if rows <= 0:
                continue
            span_b, span_g = (slice((first - p.first) // step, (first - p.first + rows) // step) for p in (b, g))
            for i, name in enumerate(b.study.panel.names):
                for j, receiver in enumerate(g.study.panel.names):
                    # His own gifts where the source tells them, else those of the whole platform.
                    if receiver != (name if name in g.study.panel.names else EVERYONE):
                        continue
                    talk, quiet_b = log_residuals(b.study.panel, i)
                    money, quiet_g = log_residuals(g.study.panel, j)
                    clean = quiet_b[span_b] & quiet_g[span_g]
                    found = find_lead(
                        talk[span_b], money[span_g], clean, interval_minutes=b.interval_minutes, spec=spec
                    )
                    yield {
                        "campaign_id": b.campaign_id,
                        "candidate_id": name,
                        "source_kind": b.source,
                        "source_id": g.source,
                        "coverage": None,
                        "flags": list(dict.fromkeys((*b.flags, *g.flags))),
                        **asdict(found),
                    }


def _voices(con: duckdb.DuckDBPyConnection, spec: Spec) -> Iterable[Row]:
    """One row a regime of each own account that has posts."""
    rows = con.execute(
        "SELECT s.campaign_id, s.candidate_id, list(epoch(p.posted_at) ORDER BY p.posted_at, p.post_id), "
        "list(p.post_type ORDER BY p.posted_at, p.post_id) FROM staging.posts AS p "
        "LEFT JOIN staging.posts_by_source AS b USING (post_id, source_kind) "
        "INNER JOIN staging.sources AS s ON coalesce(b.source_key, p.source_key) = s.source_key "
        "WHERE s.source_kind = 'x_own' AND s.candidate_id IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    spans: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for campaign_id, participants, start, end in con.execute(
        "SELECT campaign_id, participants, epoch(starts_at), epoch(ends_at) FROM staging.events "
        "WHERE is_held AND starts_at IS NOT NULL AND ends_at IS NOT NULL AND event_kind IN ('debate', 'interview')"
    ).fetchall():
        for name in participants or ():
            spans.setdefault((campaign_id, name), []).append((start, end))
    for campaign_id, candidate_id, at, kinds in rows:
        on_air = spans.get((campaign_id, candidate_id), [])
        for voice in measure_voice(
            np.array(at, dtype=np.float64), kinds, start_s=at[0], end_s=at[-1] + 1, on_air=on_air, spec=spec
        ):
            row = asdict(voice)
            yield {
                "campaign_id": campaign_id,
                "candidate_id": candidate_id,
                "source_kind": "x_own",
                "period_start_at": day_of(row.pop("period_start_s")),
                "period_end_at": day_of(row.pop("period_end_s")),
                "coverage": None,
                **row,
                "flags": list(voice.flags),
            }


def _makers(con: duckdb.DuckDBPyConnection, spec: Spec) -> Iterable[Row]:
    """The first 24 hours of each debate, where authors are known, against the same hours of quiet days around it."""
    events = read_events(con)
    rows = con.execute(
        "SELECT campaign_id, candidate_id, source_kind, list(epoch(mentioned_at)), list(author_key) "
        "FROM staging.mentions WHERE nullif(author_key, '') IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for campaign_id, candidate_id, source_kind, at, authors in rows:
        seconds = np.array(at, dtype=np.float64)
        who = np.unique(np.array(authors, dtype=object).astype(str), return_inverse=True)[1]
        own = [e for e in events[campaign_id] if e.kind != "deadline" and e.concerns(candidate_id)]
        for event in own:
            if event.kind != "debate" or event.start_s is None:
                continue
            window = np.floor((seconds - event.start_s) / _DAY_S)
            busy = {
                k
                for other in own
                if other.start_s is not None
                for k in range(-_QUIET_DAYS, _QUIET_DAYS + 1)
                if -1 < k - (other.start_s - event.start_s) / _DAY_S < _GUARD_DAYS
            }
            quiet = [
                np.bincount(who[window == k]).astype(np.int64)
                for k in range(-_QUIET_DAYS, _QUIET_DAYS + 1)
                if k not in busy and k != 0
            ]
            row = asdict(measure_makers(np.bincount(who[window == 0]).astype(np.int64), quiet, spec))
            row.pop("p_concentrated")
            yield {
                "campaign_id": campaign_id,
                "candidate_id": candidate_id,
                "source_kind": source_kind,
                "event_id": event.event_id,
                "coverage": None,
                **row,
                "flags": list(row["flags"]),
            }
