"""The panels of one source with their baselines, each fitted once, and the one in which an event is looked at."""

from dataclasses import dataclass, field, replace

import numpy as np

from warehouse.effects.arrays import Ints
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import own_starts
from warehouse.effects.estimate.effect import Effect, Status, estimate_effect, estimate_so_far, obstacle
from warehouse.effects.estimate.observed import told_apart
from warehouse.effects.estimate.paths import Path, trace_path
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import share_seen
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, SHORTEST_ON_DAYS, Spec
from warehouse.series.events import CampaignEvent
from warehouse.series.fits import Fits
from warehouse.series.source import SeriesKey, SourcePanel

_PEAK_HOURS = 6  # after the start: among them a path has its peak
_TOO_LITTLE: tuple[Status, ...] = ("insufficient_history", "insufficient_placebo")


@dataclass(slots=True)
class SourceStudy:
    """Panels of one key: hours from local midnight, hours from an event's own minute, parts between breaks."""

    panels: list[SourcePanel]
    events: list[CampaignEvent]
    spec: Spec
    fits: Fits = field(default_factory=Fits)
    _fitted: dict[int, Study] = field(init=False, default_factory=dict)

    @property
    def key(self) -> SeriesKey:
        """What all of them are series of."""
        return self.panels[0].key

    @property
    def names(self) -> tuple[str, ...]:
        """Every candidate who has a series."""
        return tuple(sorted({name for panel in self.panels for name in panel.names}))

    def is_about(self, event: CampaignEvent, name: str) -> bool:
        """Whether the event may move the series."""
        return event.concerns(name, self.panels[0].whose)

    def study(self, panel: SourcePanel) -> Study:
        """The panel with its baseline."""
        place = next(i for i, one in enumerate(self.panels) if one is panel)
        if place not in self._fitted:
            self._fitted[place] = self.fits.study(panel, self.events, self.spec)
        return self._fitted[place]

    def panel_of(self, name: str, event: CampaignEvent) -> SourcePanel | None:
        """The panel in whose rows the event starts: of its own minute where there is one; None without a series."""
        own = [panel for panel in self.panels if name in panel.names]
        exact = [panel for panel in own if event.starts_at is not None and not panel.is_floored(event)]
        chosen = exact or [panel for panel in own if panel.anchor_minutes == 0]
        before = [panel for panel in chosen if panel.start_row(event) >= 0]
        return max(before, key=lambda panel: int(panel.starts[0])) if before else next(iter(chosen), None)

    def occasion(self, panel: SourcePanel, event: CampaignEvent) -> Occasion:
        """The event as the panel's estimator knows it."""
        return next(one for one in self.study(panel).panel.occasions if one.event_id == event.event_id)

    def effect(self, panel: SourcePanel, name: str, event: CampaignEvent, rows: int) -> Effect:
        """The event's effect on a series within so many rows, or so far, or why there is none."""
        # What a break ends does not run on.
        estimate = estimate_effect if panel.is_cut_after else estimate_so_far
        found = estimate(self.study(panel), panel.names.index(name), self.occasion(panel, event), rows)
        found = told_apart(found, panel.seen(name, event, rows).observed)
        status: Status = "series_break" if is_broken(panel, found.status) else found.status
        return replace(found, status=status)

    def path(
        self, panel: SourcePanel, name: str, event: CampaignEvent, rows: int
    ) -> tuple[Path | None, Status, float | None]:
        """The rows after an event one by one, or the status that stands in their way, and how much of them was seen."""
        seen = panel.seen(name, event, rows)
        if panel.grid.is_daily or event.starts_at is None:
            return None, "precision_too_coarse", seen.coverage
        fitted, i, start = self.study(panel).panel, panel.names.index(name), panel.start_row(event)
        status = obstacle(fitted, i, start, rows)
        if status == "no_data" and seen.observed is not None:
            status = "insufficient_coverage"
        later = own_starts(fitted, i)
        # Two events within the window: whose excess fades, nobody can tell.
        if status == "ok" and ((later > start) & (later < start + rows)).any():
            status = "insufficient_sample"
        if status == "ok" and not _is_path_seen(fitted, i, start, rows):
            status = "insufficient_coverage"
        path = trace_path(self.study(panel), i, start, rows) if status == "ok" else None
        if path is None and status == "ok":
            status = "insufficient_placebo"
        return path, "series_break" if is_broken(panel, status) else status, seen.coverage


def _is_path_seen(panel: Panel, series: int, start: int, rows: int) -> bool:
    """Whether the hours in which an excess peaks were seen, and of the others all but a few thin ones."""
    first = panel.usable[series, start : start + min(rows, _PEAK_HOURS)]
    share = share_seen(panel, series, np.array([start]), rows)[0]
    return bool(first.all() and share >= panel.spec.min_path_seen)


def is_broken(panel: SourcePanel, status: Status) -> bool:
    """Whether an estimate is missing because the window or its baseline would have to cross a break."""
    is_outside = (status == "no_data" and panel.is_cut_before) or (status == "right_censored" and panel.is_cut_after)
    return is_outside or ((panel.is_cut_before or panel.is_cut_after) and status in _TOO_LITTLE)


def not_asked(key: SeriesKey, event: CampaignEvent, horizon_minutes: int) -> Status | None:
    """Why no estimator need look; None where one should. A horizon below zero is of the minutes before the event."""
    if event.event_kind == "rally" and key.source_kind.startswith("x_"):
        return "not_permitted"
    if key.interval_minutes == MINUTES_A_DAY:
        is_fine = horizon_minutes >= SHORTEST_ON_DAYS and horizon_minutes % MINUTES_A_DAY == 0
    else:
        is_fine = event.starts_at is not None and horizon_minutes % MINUTES_AN_HOUR == 0
    return None if is_fine else "precision_too_coarse"


def weekdays_of(events: list[CampaignEvent]) -> Ints:
    """The weekday of each event, 0 is Monday."""
    return np.array([event.starts_on.weekday() for event in events], dtype=np.int64)
