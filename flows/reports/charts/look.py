"""What every chart looks like. Each colour stands for one thing; the page turns it round in the dark by its value.

Blue and orange are told apart by colour-blind readers, and no two things differ by colour alone: lines are dashed,
points are hollow, what nobody saw is hatched.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

INK = "#22262b"
PAPER = "#fefefe"
MUTE = "#5c6570"
GRID = "#e3e5e8"
OBSERVED = "#1f4e8c"
EXPECTED = "#6d7785"
BAND = "#cfd6df"
EXCESS = "#e0762f"
EFFECT = "#b4470d"
NONE = "#3f5f86"
UNCLEAR = "#b3b9c1"
EVENT = "#f3e3cf"
EVENT_INK = "#8a4b12"
AWAITED = "#faf4eb"
SEEN = "#4d8a83"
PART = "#a8cbc6"
# These two are never shown as they are: `draw` and the page's style fill them with a pattern.
HATCHED = "#c9cacb"
DOTTED = "#c9cacc"

STATES = {"seen": SEEN, "part": PART, "unseen": HATCHED, "unknown": DOTTED}
VERDICTS = {"effect": EFFECT, "no_detectable_effect": NONE, "so_far": EXPECTED, "not_enough_data": UNCLEAR}

HALO = {"color": PAPER, "stroke": PAPER, "strokeWidth": 3}  # under words, so that no line strikes them out
# First the font that the drawing library brings with it: all machines measure words alike, see `draw`.
FONT = "Liberation Sans, Helvetica Neue, Helvetica, Arial, sans-serif"
WIDE, NARROW = 700, 270  # of the plot, in pixels


AnyChart = alt.LayerChart | alt.VConcatChart | alt.HConcatChart
Maker = Callable[[int], AnyChart]  # a chart for a width of the plot

# Places in pixels; Altair's own classes for them carry no types.
at_x: Callable[[float], Any] = alt.XValue
at_y: Callable[[float], Any] = alt.YValue
to_y: Callable[[float], Any] = alt.Y2Value
_data: Callable[..., alt.Data] = alt.Data
_TYPES = {"Q": "quantitative", "N": "nominal", "T": "temporal"}


class _Rows:
    """Rows on their way through Altair, which would copy and look into each of them at every step."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.rows = list(rows)


class Layer(alt.Chart):
    """A layer is done once it is made: where Altair copies what it puts together, a layer may stay the one it is."""

    def __deepcopy__(self, _memo: object) -> "Layer":
        return self


def layer(rows: Iterable[dict[str, Any]], kind: str, options: dict[str, Any], **channels: Any) -> Layer:
    """Rows drawn as one kind of mark; `looked` makes a specification of what is built of such layers.

    Made in one step and from channels alone: each `mark_…` and `encode` of Altair copies the whole chart.
    """
    mark: Any = alt.MarkDef(type=kind, **options)  # type: ignore[arg-type]  # the kinds of mark are Altair's to check
    encoding = alt.FacetedEncoding(**{name: _spelled_out(channel) for name, channel in channels.items()})
    return Layer(_data(values=_Rows(rows)), mark=mark, encoding=encoding)


def layered(layers: Iterable[Layer], frame: Layer | None = None, **options: Any) -> alt.LayerChart:
    """The layers on each other, but for those without a row: each costs as much to lay out as one that shows.

    `frame` is the one whose axes stay, though it may have no row.
    """
    return alt.LayerChart(layer=[one for one in layers if one.data.values.rows or one is frame], **options)


def names_above(rows: Iterable[dict[str, Any]], y: Any, width: int, *, is_narrow: bool) -> list[Layer]:
    """The label of each row above its mark, where an axis of names would leave no room for a phone's plot."""
    options = {"align": "left", "baseline": "bottom", "fontSize": 11.5, "limit": width, "yOffset": -11, "dx": 2}
    where: dict[str, Any] = {"x": at_x(0), "y": y, "text": alt.Text("label:N")}
    return [layer(rows, "text", options | more, **where) for more in (HALO, {"color": INK})] if is_narrow else []


def _spelled_out(channel: Any) -> Any:
    """The channel with its field and type apart: for `name:Q` Altair would look into the rows, for each channel."""
    if isinstance(channel, list):
        return [_spelled_out(one) for one in channel]
    shorthand = channel._get("shorthand")
    if isinstance(shorthand, str) and shorthand[-2:-1] == ":":
        channel.shorthand = alt.Undefined
        channel.field, channel.type = shorthand[:-2], _TYPES[shorthand[-1]]
    elif isinstance(shorthand, str):
        channel.shorthand, channel.field = alt.Undefined, shorthand
    return channel


def looked(make: Maker, width: int) -> dict[str, Any]:
    """The specification of the chart that `make` makes for a width, with the house's look.

    Altair's own `to_dict` would check every step of a chart against Vega-Lite's schema and look for tables in its data,
    which takes as long as to draw it; a test checks what comes out.
    """
    with debug_mode(False):
        spec: dict[str, Any] = _written_out(make(width))
    spec["$schema"] = alt.SCHEMA_URL
    spec["datasets"] = {}
    _put_rows(spec, spec["datasets"], {})
    spec["background"] = "transparent"
    spec["padding"] = {"left": 2, "right": 8, "top": 4, "bottom": 4}
    spec["config"] = _CONFIG
    return spec


def _written_out(node: Any) -> Any:
    """What Altair holds, as plain dictionaries and lists."""
    if isinstance(node, alt.SchemaBase):
        return {
            name: _written_out(part)
            for name, part in node._kwds.items()
            if part is not alt.Undefined and name[0] != "_"
        }
    if isinstance(node, list | tuple):
        return [_written_out(part) for part in node]
    return {name: _written_out(part) for name, part in node.items()} if isinstance(node, dict) else node


def _put_rows(node: Any, datasets: dict[str, Any], names: dict[str, str]) -> None:
    """Name each set of rows, and hold it once however many layers draw it."""
    for part in node.values() if isinstance(node, dict) else node:
        if isinstance(part, list):
            _put_rows(part, datasets, names)
        elif isinstance(part, dict) and isinstance(held := part.get("values"), _Rows):
            del part["values"]
            name = names.setdefault(json.dumps(held.rows), f"rows{len(names)}")
            datasets[name], part["name"] = held.rows, name
        elif isinstance(part, dict):
            _put_rows(part, datasets, names)


_CONFIG: dict[str, Any] = {
    "aria": False,  # the page tells a chart in words; a label a mark would be read one by one
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": MUTE,
        "gridColor": GRID,
        "tickColor": MUTE,
        "labelColor": MUTE,
        "titleColor": MUTE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "title": {"color": INK, "fontSize": 13, "fontWeight": "normal", "anchor": "start"},
    "text": {"color": INK, "fontSize": 12},
    "legend": {
        "labelColor": MUTE,
        "titleColor": MUTE,
        "labelFontSize": 12,
        "orient": "bottom",
        "title": None,
        "labelLimit": 320,
    },
    "header": {"labelColor": INK, "labelFontSize": 13, "title": None},
}
