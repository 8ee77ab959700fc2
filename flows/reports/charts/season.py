"""The whole season day by day: one panel a series, events marked across all of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Axis
from flows.reports.charts.grounds import Mark
from flows.reports.charts.hours import Panel, panel_chart

DAY = timedelta(days=1)


def season(panels: Sequence[Panel], axis: Axis, *, left: int) -> alt.VConcatChart:
    """Bars a day, one panel under the other; days that nobody watched whole are hatched, not zero.

    The strip below them has the times.
    """
    charts = [_days(panel, axis, left=left, is_first=place == 0) for place, panel in enumerate(panels)]
    return alt.vconcat(*charts, spacing=14)


def _days(panel: Panel, axis: Axis, *, left: int, is_first: bool) -> alt.LayerChart:
    bare = Panel(rows=[], gaps=panel.gaps, marks=panel.marks if is_first else _bare(panel.marks),
                 title=panel.title, unit=panel.unit, badges=panel.badges)  # fmt: skip
    height = 110
    ground = panel_chart(bare, axis, left=left, height=height, has_times=False)
    bars = [
        {
            "t": axis.ms(row["at"]), "t2": axis.ms(row["at"] + DAY), "observed": row["observed"], "says": row["says"],
            "fill": look.OBSERVED if row["is_whole"] else look.PART,
        }
        for row in panel.rows
        if row["observed"] is not None
    ]  # fmt: skip
    top = max([*(bar["observed"] for bar in bars), 1e-9]) * 1.25
    scale = alt.Scale(domain=[0, top], nice=False)
    drawn = look.layer(
        bars,
        "bar",
        {"strokeWidth": 0, "opacity": 0.9},
        x=axis.x(axis=alt.Axis(labels=False, title=None, grid=False, ticks=False)),
        x2=alt.X2("t2"),
        y=alt.Y("observed:Q", scale=scale, axis=_axis(panel.unit, left, has_labels=bool(bars))),
        y2=alt.Y2Datum(0),
        color=alt.Color("fill:N", scale=None),
        tooltip=[alt.Tooltip("says:N")],
    )
    # The empty lines of the ground would set a scale of their own.
    kept: list[Any] = [layer for layer in ground.layer if not _is_line(layer)]
    title = alt.Title(panel.title, limit=axis.width + left)
    return look.layered([*kept[:-1], drawn, *kept[-1:]], drawn, width=axis.width, height=height, title=title)


def _is_line(layer: Any) -> bool:
    return str(layer.mark.type) in {"area", "line"}


def _axis(unit: str, left: int, *, has_labels: bool) -> alt.Axis:
    return alt.Axis(
        labels=has_labels, grid=has_labels,
        title=unit, tickCount=3, minExtent=left, maxExtent=left, titleAngle=0, titleAlign="left", titleAnchor="start",
        titleX=-left + 4, titleY=-8, domain=False, ticks=False, labelPadding=6,
    )  # fmt: skip


def _bare(marks: Sequence[Mark]) -> list[Mark]:
    return [Mark(from_at=mark.from_at, to_at=mark.to_at, label="") for mark in marks]
