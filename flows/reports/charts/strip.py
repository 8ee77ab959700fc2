"""The coverage strip: who looked when, on the axis of the chart above it."""

from collections.abc import Sequence
from datetime import datetime

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Axis, Row

ROW = 18  # pixels of a source


def strip(
    spans: Sequence[Row], axis: Axis, names: dict[str, str], *, left: int, starts: Sequence[datetime] = ()
) -> alt.LayerChart:
    """One line a source; a span is a bar of its state: solid seen, pale seen in part, hatched unseen, dotted unknown.

    `spans` have source, from_at, to_at, state, says; `names` gives the words of each state; `starts` are of events.
    """
    drawn = [
        {"source": span["source"], "t": ends[0], "t2": ends[1], "state": names[span["state"]], "says": span["says"]}
        for span in spans
        if (ends := axis.clipped(span["from_at"], span["to_at"])) is not None
    ]
    sources = list(dict.fromkeys(span["source"] for span in spans))
    scale = alt.Scale(domain=[names[s] for s in look.STATES], range=list(look.STATES.values()))
    legend = alt.Legend(title=None, symbolType="square", columns=1 if axis.width <= look.NARROW else 4)
    bars = look.layer(
        drawn,
        "bar",
        {"height": 11, "strokeWidth": 0},
        x=axis.x(axis=axis.labels()),
        x2=alt.X2("t2"),
        y=alt.Y("source:N", sort=sources, title=None, axis=names_axis(left)),
        color=alt.Color("state:N", scale=scale, legend=legend),
        tooltip=[alt.Tooltip("source:N"), alt.Tooltip("state:N"), alt.Tooltip("says:N")],
    )
    rules = [{"t": axis.ms(at)} for at in starts if axis.from_at <= at <= axis.to_at]
    height = ROW * max(len(sources), 1)
    events = look.layer(
        rules, "rule", {"color": look.EVENT_INK}, x=axis.x(), y=look.at_y(-5), y2=look.to_y(height)
    )  # fmt: skip
    return look.layered([bars, events], bars, width=axis.width, height=height)


def names_axis(left: int) -> alt.Axis:
    """An axis of names that takes just so many pixels, so that charts above each other stand in line."""
    return alt.Axis(
        title=None, ticks=False, domain=False, labelLimit=left - 18, labelPadding=6, minExtent=left, maxExtent=left
    )
