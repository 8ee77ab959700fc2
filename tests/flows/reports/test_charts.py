"""Charts: rows in, chart out; a gap is no zero, and doubt is drawn."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pytest

from flows.reports.charts import look
from flows.reports.charts.clock import HOUR, Axis, stepped
from flows.reports.charts.compare import compare_chart
from flows.reports.charts.cumulative import cumulative
from flows.reports.charts.forest import forest
from flows.reports.charts.grounds import Mark
from flows.reports.charts.hours import Panel, panel_chart
from flows.reports.charts.placebos import placebos
from flows.reports.charts.season import season
from flows.reports.charts.share import shares
from flows.reports.charts.strip import strip
from flows.reports.draw import draw_png, draw_svg, make_fonts_ready, standing_alone

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2011, 9, 15, 18, 35, tzinfo=UTC)
NAMES = {state: state for state in look.STATES}


def axis(width: int = look.WIDE, hours: int = 12) -> Axis:
    return Axis(from_at=START, to_at=START + hours * HOUR, zone=PARIS, width=width)


def hour(n: int, observed: float, *, expected: float | None = 2.0, is_effect: bool = False) -> dict[str, Any]:
    return {
        "at": START + n * HOUR, "observed": observed, "expected": expected, "low": 1.0, "high": 3.0,
        "is_effect": is_effect,
    }  # fmt: skip


def panel(rows: list[dict[str, Any]], gaps: list[dict[str, Any]] | None = None) -> Panel:
    mark = Mark(from_at=START, to_at=START + 2 * HOUR, label="Premier débat")
    return Panel(rows=rows, gaps=gaps or [], marks=[mark], title="Aubry", unit="mentions", badges=["SYNTHETIC"])


def drawn(rows: list[dict[str, Any]], gaps: list[dict[str, Any]] | None = None, *, width: int = look.WIDE) -> Any:
    return look.looked(
        lambda width: panel_chart(panel(rows, gaps), axis(width), left=100, height=100, has_times=True), width
    )


def rows_drawn_as(spec: dict[str, Any], kind: str, colour: str) -> list[dict[str, Any]]:
    [layer] = [one for one in spec["layer"] if one["mark"]["type"] == kind and one["mark"].get("color") == colour]
    found: list[dict[str, Any]] = spec["datasets"][layer["data"]["name"]]
    return found


def test_a_line_breaks_where_nobody_looked_and_never_touches_zero() -> None:
    line = rows_drawn_as(drawn([hour(0, 5), hour(1, 5), hour(4, 5)]), "line", look.OBSERVED)
    assert [row["observed"] for row in line] == [5, 5, 5, 5, None, 5, 5]


def test_an_observed_zero_is_a_hollow_dot() -> None:
    dots = rows_drawn_as(drawn([hour(0, 0), hour(1, 4)]), "point", look.OBSERVED)
    assert len(dots) == 1


def test_only_the_excess_of_a_clear_effect_is_filled() -> None:
    spec = drawn([hour(0, 9, is_effect=True), hour(1, 9)])
    excess = rows_drawn_as(spec, "area", look.EXCESS)
    assert [row["excess"] for row in excess] == [9, 9, 2, 2]


def test_a_gap_is_hatched_over_the_whole_height_with_its_reason() -> None:
    gap = {"from_at": START + HOUR, "to_at": START + 9 * HOUR, "state": "unseen", "says": "nobody looked"}
    spec = drawn([hour(0, 5)], [gap])
    hatched = [row for rows in spec["datasets"].values() for row in rows if row.get("fill") == look.HATCHED]
    told = [row for rows in spec["datasets"].values() for row in rows if row.get("says") == "nobody looked"]
    assert len(hatched) == 1
    assert len(told) > 1


def test_a_badge_stands_inside_the_picture() -> None:
    assert "SYNTHETIC" in draw_svg(drawn([hour(0, 5)]), "en", "x")


def test_the_picture_that_stands_alone_has_its_patterns_and_is_a_png() -> None:
    gap = {"from_at": START + HOUR, "to_at": START + 9 * HOUR, "state": "unseen", "says": "nobody looked"}
    alone = standing_alone(draw_svg(drawn([hour(0, 5)], [gap]), "en", "x"))
    assert 'fill="url(#hatched)"' in alone
    assert look.HATCHED not in alone
    assert draw_png(alone).startswith(b"\x89PNG")


def test_ids_of_two_charts_on_a_page_are_apart() -> None:
    told = look.looked(lambda _: cumulative([{"hour": 0, "excess": 1}, {"hour": 1, "excess": 2}], [], [], width=300,
                                            left=50, unit="m", x_title="hours"), 300)  # fmt: skip
    one, other = (draw_svg(told, "en", name) for name in ("one", "other"))
    assert 'id="one-' in one
    assert 'id="one-' not in other


def test_nothing_is_drawn_beyond_the_axis() -> None:
    line = rows_drawn_as(drawn([hour(-1, 5), hour(0, 5), hour(11, 5), hour(12, 5)]), "line", look.OBSERVED)
    assert [row["t"] for row in line if row["observed"] is not None] == [
        axis().ms(START + n * HOUR) for n in (0, 1, 11, 12)
    ]


def test_the_axis_holds_an_expected_above_all_that_came() -> None:
    spec = drawn([hour(0, 1, expected=9.0)])
    [top] = {layer["encoding"]["y"]["scale"]["domain"][1] for layer in spec["layer"] if layer["mark"]["type"] == "line"}
    assert top > 9


def test_drawing_leaves_the_fonts_of_other_programs_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/mine.conf")
    make_fonts_ready.cache_clear()
    svg = draw_svg(drawn([hour(0, 5)]), "en", "x")
    assert os.environ["FONTCONFIG_FILE"] == "/etc/fonts/mine.conf"
    assert look.FONT.startswith("Liberation Sans,")  # the one that the drawing library brings with it
    assert look.FONT in svg


def test_hours_are_those_of_the_local_clock() -> None:
    assert axis().ms(START) == datetime(2011, 9, 15, 20, 35, tzinfo=UTC).timestamp() * 1000


def test_the_night_when_the_clocks_change_is_neither_folded_nor_torn() -> None:
    from_at = datetime(2011, 10, 29, 22, tzinfo=UTC)
    night = Axis(from_at=from_at, to_at=from_at + 12 * HOUR, zone=PARIS, width=700)
    places = [night.ms(from_at + n * HOUR) for n in range(8)]
    assert {later - earlier for earlier, later in pairwise(places)} == {3_600_000}


def test_steps_are_two_points_an_interval() -> None:
    minutes = [{"at": START, "y": 1}, {"at": START + timedelta(minutes=5), "y": 2}]
    assert len(stepped(minutes, axis(), ["y"], length=timedelta(minutes=5))) == 4


def test_an_event_three_hours_before_another_keeps_its_name_and_so_does_the_other() -> None:
    marks = [
        Mark(from_at=START, to_at=START + 2 * HOUR, label="29 Sept First presidential debate"),
        Mark(from_at=START + 3 * HOUR, to_at=None, label="30 Sept Close of the books"),
    ]
    told = Panel(rows=[hour(0, 5)], gaps=[], marks=marks, title="", unit="dollars", badges=[])
    spec = look.looked(
        lambda width: panel_chart(told, axis(width, hours=96), left=100, height=100, has_times=True), look.WIDE
    )
    svg = draw_svg(spec, "en", "x")
    assert all(mark.label in svg for mark in marks)


def bar(**other: Any) -> dict[str, Any]:
    told = {"label": "22 Oct", "rr": 2.2, "low": 1.6, "high": 2.9, "verdict": "effect", "says": "2.2", "note": "2.2"}
    return told | other


def forest_rows(*bars: dict[str, Any]) -> dict[str, Any]:
    return look.looked(lambda width: forest([("3 hours", list(bars))], width=width, left=100), look.WIDE)


def test_what_cannot_be_told_is_a_grey_bar_without_a_point_and_with_arrows_where_it_is_cut() -> None:
    spec = forest_rows(bar(verdict="not_enough_data", rr=0.98, low=0.01, high=90.0))
    svg = draw_svg(spec, "en", "x")
    assert look.UNCLEAR in svg
    assert look.EFFECT not in svg
    shapes = [layer["mark"].get("shape") for layer in spec["hconcat"][0]["layer"]]
    arrows = [spec["datasets"][layer["data"]["name"]] for layer in spec["hconcat"][0]["layer"]
              if str(layer["mark"].get("shape")).startswith("triangle")]  # fmt: skip
    assert {"triangle-left", "triangle-right"} <= set(shapes)
    assert [len(rows) for rows in arrows] == [1, 1]


@pytest.mark.parametrize(("rr", "low", "high", "arrow"), [(156, 73, 792, "right"), (0.004, 0.001, 0.02, "left")])
def test_an_effect_beyond_the_edge_is_an_arrow_and_nothing_is_drawn_outside_the_plot(
    rr: float, low: float, high: float, arrow: str
) -> None:
    spec = forest_rows(bar(), bar(label="7 Oct", rr=rr, low=low, high=high))
    plot = spec["hconcat"][0]
    layers = [(one["mark"], one["encoding"], spec["datasets"][one["data"]["name"]]) for one in plot["layer"]]
    [(_, encoding, _)] = [one for one in layers if one[0].get("shape") == f"triangle-{arrow}"]
    left, right = encoding["x"]["scale"]["domain"]
    for _, encoding, rows in layers:
        fields = [encoding[name]["field"] for name in ("x", "x2") if "field" in encoding.get(name, {})]
        assert all(left <= row[field] <= right for row in rows for field in fields)


def test_a_row_without_an_estimate_has_words_and_no_bar() -> None:
    spec = forest_rows(bar(rr=None, low=None, high=None, verdict="not_enough_data", note="cannot tell: nobody looked"))
    svg = draw_svg(spec, "en", "x")
    assert "nobody looked" in svg
    assert look.UNCLEAR not in svg


def grown(**options: Any) -> dict[str, Any]:
    rows = [{"hour": 0, "excess": 0}, {"hour": 1, "excess": 2}]
    whisker = {"hour": 24, "low": -90, "high": 90, "label": "24 h"}
    return look.looked(
        lambda width: cumulative(rows, [whisker], [], width=width, left=90, unit="dollars", x_title="hours", **options),
        look.WIDE,
    )


def test_an_excess_that_chance_alone_can_make_is_grey_and_says_that_it_has_no_timing() -> None:
    assert look.EXCESS in draw_svg(grown(), "en", "x")
    unclear = draw_svg(grown(unclear="no timing"), "en", "x")
    assert look.EXCESS not in unclear
    assert "no timing" in unclear


def test_an_interval_that_goes_on_beyond_the_picture_has_arrows() -> None:
    shapes = [str(layer["mark"].get("shape")) for layer in grown()["layer"]]
    assert {"triangle-down", "triangle-up"} <= set(shapes)


def test_what_was_not_seen_of_the_hours_after_a_start_is_hatched() -> None:
    svg = draw_svg(grown(gaps=[{"hour": 30, "until": 40, "state": "unseen"}]), "en", "x")
    assert svg.count(look.HATCHED) == 1


def test_hours_in_which_an_event_is_awaited_are_shaded_and_have_no_line() -> None:
    marks = [Mark(from_at=START, to_at=START + 6 * HOUR, label="awaited", is_awaited=True)]
    shown = Panel(rows=[hour(0, 5)], gaps=[], marks=marks, title="", unit="mentions")
    spec = look.looked(lambda w: panel_chart(shown, axis(w), left=100, height=100, has_times=True), look.WIDE)
    svg = draw_svg(spec, "en", "x")
    assert look.AWAITED in svg
    assert "awaited" in svg
    assert not [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule"]


def test_a_reason_without_room_is_said_by_a_short_word_or_left_out_and_never_cut() -> None:
    gap = {"from_at": START, "to_at": START + HOUR, "state": "unseen", "says": "nobody looked", "short": "unseen"}
    assert "unseen" in draw_svg(drawn([hour(3, 5)], [gap]), "en", "x")
    narrow = draw_svg(drawn([hour(3, 5)], [gap], width=look.NARROW), "en", "x")
    assert "unse" not in narrow


def stood(**other: Any) -> dict[str, Any]:
    return {"label": "3 h", "rr": 2.0, "verdict": "effect", "quiet": [0.5, 1.0, 400.0], "note": "none"} | other


def test_every_quiet_window_is_a_dot_and_the_event_a_square() -> None:
    svg = draw_svg(look.looked(lambda w: placebos([stood()], width=w, left=90), look.WIDE), "en", "x")
    assert svg.count(look.EXPECTED) == 3
    assert svg.count(look.EFFECT) == 1


@pytest.mark.parametrize("width", [look.WIDE, look.NARROW])
def test_every_kind_of_chart_is_what_vega_lite_allows(width: int) -> None:
    span = {"source": "a", "from_at": START, "to_at": START + HOUR, "state": "unseen", "says": "nobody looked"}
    day = {"at": START, "observed": 3.0, "is_whole": True, "coverage": 1.0, "told": "3", "says": "3"}
    share = {"name": "Aubry", "share_before": None, "share": 0.4, "low": 0.3, "high": 0.5, "says": "40%"}
    specs = [
        drawn([hour(0, 5), hour(1, 0)], [span], width=width),
        look.looked(lambda w: strip([span], axis(w), NAMES, left=90), width),
        look.looked(lambda w: season([panel([day])], axis(w), left=90), width),
        look.looked(lambda w: forest([("3 h", [bar()]), ("24 h", [bar(rr=None)])], width=w, left=90), width),
        look.looked(lambda w: shares([share, share | {"name": "Valls", "share_before": 0.2}], width=w, left=90), width),
        look.looked(
            lambda w: cumulative([{"hour": 0, "excess": 0}, {"hour": 1, "excess": 2}],
                                 [{"hour": 3, "low": 1, "high": 4, "label": "3 h"}], [], width=w, left=90,
                                 unit="dollars", x_title="hours"),
            width,
        ),
        look.looked(lambda w: placebos([stood(), stood(label="24 h", verdict="so_far")], width=w, left=90), width),
        look.looked(
            lambda w: compare_chart(width=w, left=90, words={"curve": "x", "hours": "h", "lines": "3 h A"}), width
        ),
    ]  # fmt: skip
    for spec in specs:
        alt.Chart.from_dict(spec, validate=True)
        assert "<svg" in draw_svg(spec, "fr", "x")
