"""Rows of `debate_donation_effect` on the mean gift."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import duckdb
import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.asked import ask_window
from warehouse.effects.baseline.panel import Occasion
from warehouse.effects.describe.mean_gift import GiftMean, measure_mean_gift
from warehouse.effects.estimate.coincident import coincident
from warehouse.effects.estimate.effect import Status
from warehouse.effects.estimate.effect_rows import EffectRow, row_of_pool
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.estimate.verdicts import verdict_of
from warehouse.effects.spec import Spec
from warehouse.estimates.event_effects import Answer, event_flags, shared_flags
from warehouse.series.events import CampaignEvent
from warehouse.series.source import SourcePanel
from warehouse.series.study import SourceStudy, not_asked

OUTCOME = "mean_gift"
_DEADLINE_DAYS = (-2, 1)  # about a filing deadline gifts are of another size


Measured = tuple[Answer, GiftMean]


def mean_gift_answers(
    con: duckdb.DuckDBPyConnection, campaign_id: str, counts: SourceStudy, spec_changed_at: datetime | None
) -> Iterator[Answer]:
    """Every event on the mean gift of every series of counts, and each series' debates pooled."""
    for name in counts.names:
        series = _MeanGifts(con, campaign_id, counts, name)
        for horizon_minutes in counts.spec.horizons:
            found = [
                measured
                for event in counts.events
                if not event.is_deadline and counts.is_about(event, name)
                for measured in series.measure(event, horizon_minutes, spec_changed_at)
            ]
            yield from (answer for answer, _ in found)
            debates = [one for one in found if one[1].status == "ok" and one[0].is_tested]
            if len(debates) > 1:
                yield _pooled(debates, counts.spec)


@dataclass(slots=True)
class _MeanGifts:
    """One candidate's gifts of one source."""

    con: duckdb.DuckDBPyConnection
    campaign_id: str
    counts: SourceStudy
    name: str
    _sizes: dict[int, tuple[Floats, Floats]] = field(init=False, default_factory=dict)

    def measure(
        self, event: CampaignEvent, horizon_minutes: int, spec_changed_at: datetime | None
    ) -> Iterator[Measured]:
        """The answer for one event and horizon; none where the candidate has no series."""
        panel = self.counts.panel_of(self.name, event)
        if panel is None:
            return
        length = horizon_minutes // panel.key.interval_minutes
        coverage = panel.seen(self.name, event, length).coverage
        window = range(panel.start_row(event), panel.start_row(event) + length)
        status = not_asked(self.counts.key, event, horizon_minutes)
        others = () if status else self._coincident(panel, event, length)
        status = status or self._obstacle(panel, window, coverage) or ("confounded_event" if others else None)
        mean = GiftMean(status=status) if status else self._mean(panel, window)
        is_floored = event.starts_at is not None and panel.is_floored(event)
        flags = {"start_floored": is_floored, "synthetic": panel.is_synthetic}
        raised = (*(flag for flag, is_raised in flags.items() if is_raised), *event_flags(event, spec_changed_at))
        raised = (*raised, *(f"coincident={other.event_id}" for other in others))
        answer = Answer(
            key=replace(panel.key, outcome=OUTCOME),
            candidate_id=self.name,
            event=event,
            horizon_minutes=horizon_minutes,
            window=panel.window(event, length) if length else None,
            observed=mean.mean,
            coverage=coverage,
            row=_row(mean, coverage, self.counts.spec),
            flags=raised,
        )
        yield answer, mean

    def _coincident(self, panel: SourcePanel, event: CampaignEvent, length: int) -> tuple[Occasion, ...]:
        """Events of other kinds in the window. What they do to the size of gifts is not known: nothing is taken off."""
        fitted, occasion = self.counts.study(panel).panel, self.counts.occasion(panel, event)
        asked = ask_window(fitted.grid, occasion.start_row, length, fitted.spec)
        return coincident(fitted, panel.names.index(self.name), occasion, asked)

    def _obstacle(self, panel: SourcePanel, window: range, coverage: float | None) -> Status | None:
        """Why no estimate can be made; None where the gifts themselves decide."""
        is_before, is_after = window.start < 0, window.stop > panel.grid.rows
        touched = _near_deadlines(panel, self.counts.events)[max(window.start, 0) : max(window.stop, 0)]
        obstacles: tuple[tuple[Status, bool], ...] = (
            ("series_break", (is_before and panel.is_cut_before) or (is_after and panel.is_cut_after)),
            ("no_data", is_before),
            ("right_censored", is_after),
            ("insufficient_coverage", coverage is None or coverage < self.counts.spec.min_window_seen),
            ("confounded_deadline", bool(touched.any())),
        )
        return next((status for status, stands in obstacles if stands), None)

    def _mean(self, panel: SourcePanel, window: range) -> GiftMean:
        gifts, amounts = self._gifts(panel)
        clean = self.counts.study(panel).panel.clean[panel.names.index(self.name)]
        return measure_mean_gift(
            gifts,
            amounts,
            clean & ~_near_deadlines(panel, self.counts.events),
            start=window.start,
            length=len(window),
            rows_a_day=panel.grid.rows_a_day,
            spec=self.counts.spec,
        )

    def _gifts(self, panel: SourcePanel) -> tuple[Floats, Floats]:
        """Gifts and capped amounts on the rows of the panel."""
        if id(panel) not in self._sizes:
            rows = self.con.execute(
                """SELECT epoch(interval_start_at)::BIGINT // 60 AS minute, gifts, capped_amount
                FROM staging.gift_sizes
                WHERE campaign_id = ? AND source_id = ? AND candidate_id = ? AND interval_minutes = ?
                    AND anchor_minutes = ?""",
                [self.campaign_id, panel.key.source_id, self.name, panel.key.interval_minutes, panel.anchor_minutes],
            ).fetchnumpy()
            _, here, there = np.intersect1d(panel.starts, np.asarray(rows["minute"], np.int64), return_indices=True)
            gifts, amounts = np.zeros(panel.grid.rows), np.zeros(panel.grid.rows)
            gifts[here] = np.asarray(rows["gifts"], np.float64)[there]
            amounts[here] = np.asarray(rows["capped_amount"], np.float64)[there]
            self._sizes[id(panel)] = gifts, amounts
        return self._sizes[id(panel)]


def _near_deadlines(panel: SourcePanel, events: list[CampaignEvent]) -> Bools:
    first, last = _DEADLINE_DAYS
    near = np.zeros(panel.grid.rows, dtype=np.bool_)
    for event in events:
        if event.is_deadline:
            apart = panel.grid.day - event.starts_on.toordinal()
            near |= (apart >= first) & (apart <= last)
    return near


def _row(mean: GiftMean, coverage: float | None, spec: Spec) -> EffectRow:
    row = EffectRow(n_events=1, observed=mean.mean or 0.0, coverage=coverage, status=mean.status, flags=())
    if mean.log_rr is None or mean.low is None or mean.high is None or mean.mean is None:
        return row
    rr, rr_low, rr_high = (float(np.exp(log)) for log in (mean.log_rr, mean.low, mean.high))
    return replace(
        row,
        baseline=mean.before,
        expected=mean.mean / rr,
        excess=mean.mean - mean.mean / rr,
        excess_low=mean.mean - mean.mean / rr_low,
        excess_high=mean.mean - mean.mean / rr_high,
        rr=rr,
        rr_low=rr_low,
        rr_high=rr_high,
        p=mean.p,
        p_placebo=mean.p_placebo,
        mde80=mean.mde80,
        n_placebo=mean.n_placebo,
        n_controls=0,
        verdict=verdict_of(mean.p, rr_low, rr_high, spec),
    )


def _pooled(debates: list[Measured], spec: Spec) -> Answer:
    """The debates together: means are averaged, not added up."""
    means, answers = [mean for _, mean in debates], [answer for answer, _ in debates]
    pooled = pool(
        [mean.log_rr or 0.0 for mean in means],
        [mean.se or 1.0 for mean in means],
        spec,
        [mean.freedom or 1.0 for mean in means],
    )
    row = row_of_pool(pooled, [answer.row for answer in answers], spec, flags=())
    names = ("observed", "baseline", "expected", "excess", "excess_low", "excess_high")
    row = replace(row, **{name: getattr(row, name) / len(debates) for name in names})
    return replace(
        answers[0],
        event=None,
        window=None,
        observed=row.observed,
        coverage=row.coverage,
        row=row,
        flags=shared_flags(answers),
    )
