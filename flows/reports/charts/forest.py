"""The forest plot: each effect as a ratio with its interval, and a grey bar where nobody can tell."""

import math
from collections.abc import Sequence

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Row
from flows.reports.charts.strip import names_axis

_STEP = 36
_EDGES = (0.125, 16.0)  # what is beyond is an arrow
_TICKS = (0.125, 0.25, 0.5, 1, 2, 4, 8, 16)


def forest(columns: Sequence[tuple[str, Sequence[Row]]], *, width: int, left: int) -> look.AnyChart:
    """One plot a horizon, side by side where they fit, with one scale.

    Rows have label, rr, low, high, verdict, says (in words beneath), note; rr is None where there is no estimate.
    """
    edges = _edges([row for _, rows in columns for row in rows])
    is_narrow = width < look.WIDE / 2
    each = width if is_narrow else (width - 24 * (len(columns) - 1)) // len(columns)
    plots = [
        _plot(title, rows, edges, width=each, left=0 if is_narrow else left, has_names=place == 0, is_narrow=is_narrow)
        for place, (title, rows) in enumerate(columns)
    ]
    return alt.vconcat(*plots, spacing=18) if is_narrow else alt.hconcat(*plots, spacing=24)


def _edges(rows: Sequence[Row]) -> tuple[float, float]:
    """Wide enough for every interval that decides something; one that leaves all open is cut."""
    told = [row for row in rows if row["rr"] is not None]
    decided = [row for row in told if row["verdict"] != "not_enough_data"]
    values = [*(row["rr"] for row in told), *(row[end] for row in decided for end in ("low", "high")), 0.5, 4.0]
    low = max(min(values) / 1.15, _EDGES[0])
    return low, min(max(values) * 1.15, _EDGES[1])


def _plot(
    title: str, rows: Sequence[Row], edges: tuple[float, float], *, width: int, left: int, has_names: bool,
    is_narrow: bool,
) -> alt.LayerChart:  # fmt: skip
    labels = list(dict.fromkeys(row["label"] for row in rows))
    scale = alt.Scale(type="log", domain=list(edges), nice=False)
    ticks = [tick for tick in _TICKS if edges[0] <= tick <= edges[1]]
    # The offset keeps the words under the last bar clear of the numbers.
    axis = alt.Axis(title=None, values=ticks, format="~r", gridColor=look.GRID, domain=False, ticks=False, offset=7)
    x = alt.X("from:Q", scale=scale, axis=axis)
    bare = alt.Axis(labels=False, title=None, ticks=False, domain=False)
    names = names_axis(left) if has_names and not is_narrow else bare
    y = alt.Y("label:N", sort=labels, title=None, axis=names, scale=alt.Scale(padding=0.1))
    drawn = [_drawn(row, edges) for row in rows]
    bars = [row for row in drawn if row["rr"] is not None]
    tooltip = [alt.Tooltip("label:N"), alt.Tooltip("says:N")]
    unclear = [row for row in bars if row["verdict"] == "not_enough_data"]
    clear = [row for row in bars if row["verdict"] != "not_enough_data"]
    shown = [row for row in clear if edges[0] <= row["rr"] <= edges[1]]  # of one beyond the edge an arrow tells
    effects = [row for row in shown if row["verdict"] == "effect"]
    nothing = [row for row in shown if row["verdict"] != "effect"]
    colour = alt.Color("verdict:N", legend=None,
                       scale=alt.Scale(domain=list(look.VERDICTS), range=list(look.VERDICTS.values())))  # fmt: skip
    point = alt.X("rr:Q", scale=scale)
    hollow = {"filled": False, "size": 60, "color": look.NONE, "strokeWidth": 2, "fill": look.PAPER}
    to = alt.X2("to")
    layers = [
        look.layer([{"one": 1}], "rule", {"color": look.INK}, x=alt.X("one:Q", scale=scale, axis=axis)),
        look.layer(unclear, "bar", {"height": 9, "color": look.UNCLEAR}, x=x, x2=to, y=y, tooltip=tooltip),
        look.layer(clear, "rule", {"strokeWidth": 2.2}, x=x, x2=to, y=y, color=colour, tooltip=tooltip),
        look.layer(effects, "point", {"filled": True, "size": 70, "color": look.EFFECT, "opacity": 1}, x=point, y=y),
        look.layer(nothing, "point", hollow, x=point, y=y),
        _arrows([{**bar, "edge": edges[0]} for bar in bars if bar["cut_low"]], y, scale, "triangle-left"),
        _arrows([{**bar, "edge": edges[1]} for bar in bars if bar["cut_high"]], y, scale, "triangle-right"),
        *_beneath(drawn, y, width),
        *look.names_above(drawn, y, width, is_narrow=is_narrow),
    ]
    step = _STEP + (14 if is_narrow else 0)
    words = alt.Title(title, fontWeight="bold", fontSize=12)
    return look.layered(layers, width=width, height=step * max(len(labels), 1), title=words)


def _drawn(row: Row, edges: tuple[float, float]) -> Row:
    low, high = row["low"], row["high"]
    if row["rr"] is None or low is None or high is None or not math.isfinite(high):
        low, high = (edges[0], edges[1]) if row["rr"] is not None else (None, None)
    return {
        **row,
        "from": None if low is None else min(max(low, edges[0]), edges[1]),
        "to": None if high is None else max(min(high, edges[1]), edges[0]),
        "cut_low": low is not None and low <= edges[0],
        "cut_high": high is not None and high >= edges[1],
    }


def _arrows(cuts: Sequence[Row], y: alt.Y, scale: alt.Scale, shape: str) -> look.Layer:
    """Where a bar goes on; of an effect beyond the edge nothing else is drawn, so that it has the colour of one."""
    options = {"shape": shape, "filled": True, "size": 70, "opacity": 1}
    inked = [{**cut, "ink": look.EFFECT if cut["verdict"] == "effect" else look.MUTE} for cut in cuts]
    ink = alt.Color("ink:N", scale=None)
    return look.layer(inked, "point", options, x=alt.X("edge:Q", scale=scale), y=y, color=ink)


def _beneath(rows: Sequence[Row], y: alt.Y, width: int) -> list[look.Layer]:
    """The words under each bar, on a ground of their own so that no line strikes them out."""
    options = {"align": "left", "fontSize": 10.5, "limit": width, "yOffset": 12, "dx": 2}
    where = {"x": look.at_x(0), "y": y, "text": alt.Text("note:N")}
    halo = {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 3}
    return [
        look.layer(rows, "text", options | halo, **where),
        look.layer(rows, "text", options | {"color": look.MUTE}, **where),
    ]
