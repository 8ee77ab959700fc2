import csv
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import CampaignFault
from flows.effects_csv.answer import answer_asks
from flows.effects_csv.explain import FLAGS, REASONS, explain_answer
from flows.effects_csv.results import Answer
from warehouse.effects.spec import Spec

PARIS = ZoneInfo("Europe/Paris")
Row = tuple[object, ...]
SERIES_HEADER = "case_id,candidate_id,start_local,interval_minutes,count,amount,coverage"
EVENTS_HEADER = "case_id,event_id,event_kind,start_local,tz,participants"
DEBATE: Row = ("one", "e1", "debate", "2011-09-15T20:30", "Europe/Paris", "a|b")
CONTRACT_COLUMNS = (
    "case_id,candidate_id,event_id,horizon_minutes,estimate_log_rr,ci_low,ci_high,p_value,status,"
    "rr,rr_low,rr_high,observed,expected,excess,excess_low,excess_high,p_placebo,mde80,n_placebo,n_controls,verdict,flags,p_floor"
)


def days(candidate: str, *, seed: int = 1, rows: int = 160, lift: float = 1.0, coverage: object = 1) -> list[Row]:
    """Daily rows from 1 June 2011; the debate's three days (15 to 17 September) are lifted."""
    rng = np.random.default_rng(seed)
    first = date(2011, 6, 1)
    return [
        (
            "one",
            candidate,
            first + timedelta(days=i),
            1440,
            rng.poisson(80 * (lift if 106 <= i <= 108 else 1)),
            "",
            coverage,
        )
        for i in range(rows)
    ]


def hours(candidate: str, first: datetime, rows: int, *, lift_at: datetime | None = None) -> list[Row]:
    """Hourly rows with offsets, evenly spaced in real time."""
    rng = np.random.default_rng(4)
    moments = [first.astimezone(UTC) + timedelta(hours=i) for i in range(rows)]
    lifted = {lift_at.astimezone(UTC) + timedelta(hours=i) for i in range(3)} if lift_at else set()
    return [
        (
            "one",
            candidate,
            moment.astimezone(PARIS).isoformat(),
            60,
            rng.poisson(60 * (3 if moment in lifted else 1)),
            "",
            1,
        )
        for moment in moments
    ]


def write(path: Path, header: str, rows: Sequence[Row]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def answers(
    folder: Path,
    series: Sequence[Row],
    events: Sequence[Row] = (DEBATE,),
    asks: Sequence[Row] | None = None,
    workers: int = 1,
) -> list[Answer]:
    asked = None
    if asks is not None:
        asked = write(folder / "asks.csv", "case_id,candidate_id,event_id,horizon_minutes", asks)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return answer_asks(
            write(folder / "series.csv", SERIES_HEADER, series),
            write(folder / "events.csv", EVENTS_HEADER, events),
            asks_path=asked,
            output=folder / "results.csv",
            workers=workers,
        )


def test_a_tripled_debate_is_found_and_printed_as_the_contract_says(tmp_path: Path) -> None:
    found = answers(tmp_path, days("a", lift=3) + days("b", seed=2), asks=[("one", "a", "e1", 4320)])
    assert found[0].rr == pytest.approx(3, rel=0.1)
    assert found[0].verdict == "effect"
    assert found[0].excess is not None
    assert found[0].observed == pytest.approx(found[0].excess + (found[0].expected or 0))
    written = (tmp_path / "results.csv").read_text().splitlines()
    assert written[0] == CONTRACT_COLUMNS
    assert written[1].startswith("one,a,e1,4320,1.")


def test_without_asks_every_participant_of_every_debate_is_asked_about(tmp_path: Path) -> None:
    events = [DEBATE, ("one", "r", "rally", "2011-08-01", "Europe/Paris", "a")]
    found = answers(tmp_path, days("a") + days("b"), events)
    assert [(a.candidate_id, a.event_id, a.horizon_minutes) for a in found] == [("a", "e1", 4320), ("b", "e1", 4320)]


def test_hourly_series_are_asked_about_three_horizons_by_default(tmp_path: Path) -> None:
    start = datetime(2011, 9, 15, 20, tzinfo=PARIS)
    found = answers(tmp_path, hours("a", datetime(2011, 8, 20, tzinfo=PARIS), 1200, lift_at=start))
    assert [a.horizon_minutes for a in found if a.candidate_id == "a"] == [180, 1440, 4320]
    assert found[0].rr == pytest.approx(3, rel=0.15)
    assert "start_floored" in found[0].flags
    assert [a.status for a in found if a.candidate_id == "b"] == ["no_data"]


def test_rows_in_any_order_and_any_number_of_workers_give_the_same_file(tmp_path: Path) -> None:
    series = [row for n, name in enumerate("abcd") for row in days(name, seed=n, lift=1 + n / 2)]
    events = [
        ("one", f"e{i}", "debate", date(2011, 7, 1) + timedelta(days=12 * i), "Europe/Paris", "a|b|c") for i in range(8)
    ]
    asks: list[Row] = [("one", name, f"e{i}", m) for name in "abcd" for i in range(8) for m in (2880, 4320)]
    answers(tmp_path, series, events, asks)
    once = (tmp_path / "results.csv").read_text()
    shuffled = np.random.default_rng(1).permutation(len(series))
    answers(tmp_path, [series[i] for i in shuffled], events[::-1], asks, workers=2)
    assert (tmp_path / "results.csv").read_text() == once


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("one", "a", "2011-06-01", 1440, 3, "", 1), "line 162: a second row for 2011-06-01"),
        (("one", "a", "2012-06-01", 1440, -3, "", 1), "line 162: count -3 is below zero"),
        (("one", "a", "2012-06-01", 1440, "many", "", 1), "line 162: count 'many' is not a number"),
        (("one", "a", "2012-06-01", 1440, "nan", "", 1), "line 162: count 'nan' is not a number"),
        (("one", "a", "2012-06-01", 1440, "1e300", "", 1), "line 162: count 1e300 is too large to be a count"),
        (("one", "a", "2012-06-01", 1440, 3, "", 1.2), "line 162: coverage 1.2 is not a share between 0 and 1"),
        (("one", "a", "last week", 1440, 3, "", 1), "line 162: start_local 'last week' is not an ISO time"),
        (("one", "a", "2012-06-01", 60, 3, "", 1), "line 162: interval_minutes 60, but 1440 before"),
        (
            ("one", "a", "2011-11-08", 1440, 1, 234, 1, 1),  # 1,234 without quotes
            "line 162: more cells than the header has columns: 1 (a number takes no separator)",
        ),
        (
            ("one", "a", "2012-06-01T07:00", 1440, 3, "", 1),
            "line 162: a day starts at midnight, not at 2012-06-01T07:00",
        ),
    ],
)
def test_a_wrong_row_costs_its_own_series_only_and_is_named(tmp_path: Path, row: Row, fault: str) -> None:
    a, b = answers(tmp_path, [*days("a"), row, *days("b")])
    assert (a.status, a.flags) == ("bad_input", (f"series {fault}",))
    assert b.status == "ok"


def test_a_row_that_names_no_series_is_told_on_every_answer(tmp_path: Path) -> None:
    a, b = answers(tmp_path, [*days("a"), ("garbage",), *days("b")])
    assert (a.status, b.status) == ("ok", "ok")
    assert "rows_set_aside=1" in a.flags
    assert "rows of the series file that can neither be read nor given to a candidate: 1" in explain_answer(b)


def test_an_empty_coverage_column_is_one_and_says_so(tmp_path: Path) -> None:
    a, _ = answers(tmp_path, days("a", coverage="") + days("b", coverage=""))
    assert a.status == "ok"
    assert "coverage_assumed" in a.flags


def test_a_blank_among_coverages_is_unknown_and_excluded(tmp_path: Path) -> None:
    rows = days("a", lift=3)
    for i in (106, 107):
        rows[i] = (*rows[i][:6], "")
    a, _ = answers(tmp_path, rows + days("b"))
    assert a.status == "insufficient_coverage"


def test_a_missing_row_is_not_silence(tmp_path: Path) -> None:
    rows = days("a")
    whole = answers(tmp_path, rows)[0]
    holed = answers(tmp_path, [row for i, row in enumerate(rows) if i not in (30, 31, 32, 60)])[0]
    assert holed.estimate_log_rr == pytest.approx(whole.estimate_log_rr or 0, abs=0.05)
    assert (
        answers(tmp_path, [row for i, row in enumerate(rows) if i not in (106, 107)])[0].status
        == "insufficient_coverage"
    )


def test_the_two_hours_of_a_clock_change_are_two_hours(tmp_path: Path) -> None:
    event: Row = ("one", "e1", "debate", "2011-10-30T02:00+01:00", "Europe/Paris", "a")
    start = datetime(2011, 10, 30, 1, tzinfo=UTC)
    rows = hours("a", datetime(2011, 10, 1, tzinfo=PARIS), 1100, lift_at=start)
    found = answers(tmp_path, rows, [event], [("one", "a", "e1", 180)])[0]
    assert found.status == "ok"
    assert found.rr == pytest.approx(3, rel=0.15)
    window = [f"2011-10-30T0{hour}:00:00+01:00" for hour in (2, 3, 4)]
    assert found.observed == sum(int(str(row[4])) for row in rows if row[2] in window)


def test_a_repeated_hour_without_offsets_is_a_duplicate(tmp_path: Path) -> None:
    rows = hours("a", datetime(2011, 10, 1, tzinfo=PARIS), 1100)
    naive = [(*row[:2], str(row[2])[:19], *row[3:]) for row in rows]
    event: Row = ("one", "e1", "debate", "2011-10-20T21:00", "Europe/Paris", "a")
    found = answers(tmp_path, naive, [event], [("one", "a", "e1", 180)])[0]
    assert found.status == "bad_input"
    assert "repeated hour" in found.flags[0]


def test_minutes_are_added_up_from_the_minute_of_the_event(tmp_path: Path) -> None:
    start = datetime(2011, 9, 15, 20, 30, tzinfo=PARIS)
    rng = np.random.default_rng(1)
    moments = [datetime(2011, 8, 25, tzinfo=PARIS) + timedelta(minutes=30 * i) for i in range(1700)]
    rows: list[Row] = [
        ("one", "a", m.isoformat(), 30, rng.poisson(90 if start <= m < start + timedelta(hours=3) else 30), "", 1)
        for m in moments
    ]
    found = answers(tmp_path, rows, asks=[("one", "a", "e1", 180)])[0]
    assert found.rr == pytest.approx(3, rel=0.15)
    assert "start_floored" not in found.flags


def test_amounts_stand_in_where_there_are_no_counts_in_any_unit(tmp_path: Path) -> None:
    def in_unit(unit: float) -> list[Row]:
        return [(*row[:4], "", float(str(row[4])) * unit, 1) for row in days("a", lift=2)]

    euros, millions = (answers(tmp_path, in_unit(unit))[0] for unit in (35.0, 35e-6))
    assert "amount_as_count" in euros.flags
    assert euros.rr == pytest.approx(2, rel=0.1)
    assert euros.excess_low == pytest.approx((millions.excess_low or 0) * 1e6)


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (("one", "a", "e1", 180), "precision_too_coarse"),
        (("one", "a", "e1", 1440), "precision_too_coarse"),
        (("one", "a", "e1", "soon"), "bad_input"),
        (("one", "a", "e9", 4320), "bad_input"),
        (("two", "a", "e1", 4320), "bad_input"),
        (("one", "z", "e1", 4320), "no_data"),
    ],
)
def test_an_ask_that_cannot_be_answered_says_why(tmp_path: Path, ask: Row, status: str) -> None:
    found = answers(tmp_path, days("a"), asks=[ask])[0]
    assert found.status == status
    assert found.estimate_log_rr is None


@pytest.mark.parametrize("rows", [[], [("one", "a", "2011-09-15", 1440, 3, "", 1)]])
def test_next_to_nothing_is_answered_with_a_reason(tmp_path: Path, rows: list[Row]) -> None:
    assert {a.status for a in answers(tmp_path, rows)} <= {"no_data", "right_censored", "insufficient_history"}


def test_a_file_without_its_columns_is_refused_whole(tmp_path: Path) -> None:
    wrong = write(tmp_path / "wrong.csv", "when,what", [("2011-09-15", 1)])
    events = write(tmp_path / "events.csv", EVENTS_HEADER, [DEBATE])
    with pytest.raises(CampaignFault, match="no column case_id, candidate_id, start_local, interval_minutes"):
        answer_asks(wrong, events)


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("case_id,candidate_id,start_local,interval_minutes,counts,amounts,coverage", "no column count or amount"),
        ("case_id,candidate_id,start_local,interval_minutes,count,count,coverage", "column count stands twice"),
    ],
)
def test_a_header_that_leaves_open_what_was_counted_is_refused(tmp_path: Path, header: str, fault: str) -> None:
    wrong = write(tmp_path / "wrong.csv", header, days("a"))
    events = write(tmp_path / "events.csv", EVENTS_HEADER, [DEBATE])
    with pytest.raises(CampaignFault, match=f"wrong.csv:1: {fault}"):
        answer_asks(wrong, events)


def test_explain_says_what_was_done_and_why_one_was_refused(tmp_path: Path) -> None:
    said = [explain_answer(answer) for answer in answers(tmp_path, days("a", lift=3))]
    assert "counted" in said[0]
    assert "no absent candidate served as a control" in said[0]
    assert "there is no row of this candidate" in said[1]


def test_explain_writes_millions_as_digits(tmp_path: Path) -> None:
    money = [(*row[:4], "", f"{float(str(row[4])) * 1e5:.2f}", 1) for row in days("a", lift=3)]
    [said, _] = [explain_answer(answer) for answer in answers(tmp_path, money)]
    assert re.search(r"\d\d,\d{3},\d{3} counted, \d\d,\d{3},\d{3} expected without the event: \+\d\d,\d{3},\d{3}", said)


def test_every_flag_and_status_that_is_explained_stands_in_the_methods() -> None:
    methods = (Path(__file__).parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")
    assert [name for name in (*FLAGS, *REASONS) if f"`{name}`" not in methods and f"`{name}=…`" not in methods] == []


def rewritten(path: Path, encoding: str = "utf-8", **how: str) -> Path:
    """The file with other separators or line ends."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **how).writerows(rows)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("encoding", "how"),
    [("utf-8-sig", {"lineterminator": "\r\n"}), ("utf-8", {"delimiter": ";"}), ("utf-8", {"delimiter": "\t"})],
)
def test_files_of_any_spreadsheet_are_read(tmp_path: Path, encoding: str, how: dict[str, str]) -> None:
    expected = answers(tmp_path, days("a"))
    names = ("series.csv", "events.csv")
    assert answer_asks(*(rewritten(tmp_path / name, encoding, **how) for name in names)) == expected


def test_a_file_in_another_encoding_is_refused_by_its_name(tmp_path: Path) -> None:
    answers(tmp_path, days("é"))
    with pytest.raises(CampaignFault, match=r"series\.csv: is not UTF-8 text"):
        answer_asks(rewritten(tmp_path / "series.csv", "latin-1"), tmp_path / "events.csv")


@pytest.mark.parametrize(
    ("start", "tz", "fault"),
    [
        ("2011-09-15T20:30", "Europe/Pariss", "events line 3: tz 'Europe/Pariss' is not an IANA zone"),
        ("yesterday", "Europe/Paris", "events line 3: start_local 'yesterday' is not an ISO time"),
        ("9999-12-31T23:00", "America/New_York", "events line 3: start_local '9999-12-31T23:00' is not an ISO time"),
        ("2011-03-27T02:30", "Europe/Paris", "events line 3: start_local 2011-03-27T02:30 is twice or never"),
    ],
)
def test_an_event_without_a_time_is_answered_with_its_fault_and_told_to_the_others(
    tmp_path: Path, start: str, tz: str, fault: str
) -> None:
    sound, broken = answers(tmp_path, days("a"), [DEBATE, ("one", "e2", "debate", start, tz, "a")])[::2]
    assert broken.status == "bad_input"
    assert broken.flags[0].startswith(fault)
    assert sound.status == "ok"
    assert "events_set_aside=1" in sound.flags


def test_an_event_told_twice_is_bad_input_and_still_guarded_against(tmp_path: Path) -> None:
    later: Row = ("one", "e2", "debate", "2011-10-13T20:30", "Europe/Paris", "a|b")
    found = {(a.event_id, a.candidate_id): a for a in answers(tmp_path, days("a", lift=3), [DEBATE, DEBATE, later])}
    assert found["e1", "a"].status == "bad_input"
    assert found["e1", "a"].flags == ("events line 2: e1 stands on lines 2 and 3",)
    # Had the lifted days stayed in its baseline, the quiet debate would look like less than usual.
    assert found["e2", "a"].rr == pytest.approx(1, abs=0.1)


def test_a_debate_that_names_nobody_is_asked_about_for_everyone(tmp_path: Path) -> None:
    found = answers(tmp_path, days("a") + days("b"), [(*DEBATE[:5], "")])
    assert [(a.candidate_id, a.status) for a in found] == [("a", "ok"), ("b", "ok")]
    assert "no_control" in found[0].flags


def test_a_cancelled_debate_is_a_control_that_may_be_asked_about(tmp_path: Path) -> None:
    answers(tmp_path, days("a"), asks=[])
    events = write(tmp_path / "events.csv", EVENTS_HEADER + ",held", [(*DEBATE, "false")])
    assert answer_asks(tmp_path / "series.csv", events) == []
    asks = write(tmp_path / "asks.csv", "case_id,candidate_id,event_id,horizon_minutes", [("one", "a", "e1", 4320)])
    assert answer_asks(tmp_path / "series.csv", events, asks_path=asks)[0].status == "ok"


def test_the_order_of_events_in_two_zones_does_not_matter(tmp_path: Path) -> None:
    start = datetime(2011, 9, 1, tzinfo=PARIS)
    naive = [(*row[:2], str(row[2])[:19], *row[3:]) for row in hours("a", start, 1000)]
    events: list[Row] = [
        ("one", "e1", "debate", "2011-09-15T21:00", "Europe/Paris", "a"),
        ("one", "e2", "debate", "2011-09-28T19:00", "Europe/London", "a"),
        ("one", "e3", "rally", "2011-10-05T19:00", "Europe/Paris", "a"),
    ]
    asks: list[Row] = [("one", "a", "e1", 180)]
    found = answers(tmp_path, naive, events, asks)
    assert found == answers(tmp_path, naive, events[::-1], asks)
    assert "zone_assumed=Europe/Paris" in found[0].flags


def test_rows_may_name_their_own_zone(tmp_path: Path) -> None:
    rows = hours("a", datetime(2011, 9, 1, tzinfo=PARIS), 1000, lift_at=datetime(2011, 9, 15, 21, tzinfo=PARIS))
    event: Row = ("one", "e1", "debate", "2011-09-15T15:00", "America/New_York", "a")
    asks = write(tmp_path / "asks.csv", "case_id,candidate_id,event_id,horizon_minutes", [("one", "a", "e1", 180)])
    named = [(*row[:2], str(row[2])[:19], *row[3:], "Europe/Paris") for row in rows]
    found = answer_asks(
        write(tmp_path / "series.csv", SERIES_HEADER + ",tz", named),
        write(tmp_path / "events.csv", EVENTS_HEADER, [event]),
        asks_path=asks,
    )[0]
    assert found.rr == pytest.approx(3, rel=0.15)


def test_a_horizon_of_part_of_an_hour_says_so(tmp_path: Path) -> None:
    rows = hours("a", datetime(2011, 9, 1, tzinfo=PARIS), 1000)
    found = answers(tmp_path, rows, asks=[("one", "a", "e1", 90)])[0]
    assert (found.status, found.flags) == ("precision_too_coarse", ("horizon_not_in_whole_hours",))


def test_a_spec_of_ones_own_decides_what_is_asked_and_how_sure_it_must_be(tmp_path: Path) -> None:
    usual = answers(tmp_path, days("a"))[0]
    [own, _] = answer_asks(
        tmp_path / "series.csv", tmp_path / "events.csv", spec=Spec(horizons=(180, 2880), level=0.5), workers=1
    )
    assert own.horizon_minutes == 2880
    assert (own.ci_high or 0) - (own.ci_low or 0) < (usual.ci_high or 0) - (usual.ci_low or 0)


WORDS = """a b ALL a|b one e1 debate deadline 1440 60 15 -3 0 1 0.5 7.5 1e15 1e400 nan inf 4320 180 2011-09-15
2011-09-15T20:30 2011-10-30T02:30 9999-12-31 2011-09-15T20:30+09:00 0001-01-01T00:00 Europe/Paris Mars/Base unknown
\N{PILE OF POO} " a,b"""
CELLS = st.sampled_from(["", " ", *WORDS.split()])
JUNK = st.lists(st.lists(CELLS, min_size=0, max_size=8).map(tuple), max_size=6)


@given(series=JUNK, events=JUNK, asks=JUNK)
def test_whatever_the_files_hold_each_ask_has_one_answer_and_sound_series_keep_theirs(
    tmp_path_factory: pytest.TempPathFactory, series: list[Row], events: list[Row], asks: list[Row]
) -> None:
    sound: Row = ("sound", "e1", "debate", "2011-09-15T20:30", "Europe/Paris", "a")
    ask: Row = ("sound", "a", "e1", 4320)
    found = answers(
        tmp_path_factory.mktemp("junk"),
        [*series, *(("sound", *row[1:]) for row in days("a"))],
        [*events, sound],
        [*asks, ask],
    )
    assert len(found) == 1 + sum(any(str(cell) for cell in row) for row in asks)
    assert found[-1].status == "ok"
    for answer in found:
        numbers = [
            answer.estimate_log_rr,
            answer.ci_low,
            answer.ci_high,
            answer.p_value,
            answer.mde80,
            answer.excess_low,
        ]
        assert all((number is None) == (answer.status != "ok") for number in numbers)
        assert all(number is None or np.isfinite(number) for number in numbers)


def test_a_party_s_series_says_whose_it_is_and_other_parties_debates_pass_it_by(tmp_path: Path) -> None:
    mine: list[Row] = [(*row, "a|b") for row in days("ALL")]
    events: list[Row] = [DEBATE, ("one", "e2", "debate", "2011-10-01T20:30", "Europe/Paris", "c")]
    asks: list[Row] = [("one", "ALL", "e1", 4320), ("one", "ALL", "e2", 4320)]
    found = answer_asks(
        write(tmp_path / "series.csv", SERIES_HEADER + ",candidates", mine),
        write(tmp_path / "events.csv", EVENTS_HEADER, events),
        asks_path=write(tmp_path / "asks.csv", "case_id,candidate_id,event_id,horizon_minutes", asks),
    )
    assert [("not_a_participant" in one.flags) for one in found] == [False, True]


def test_of_a_steady_sample_ratios_are_told_and_no_excess(tmp_path: Path) -> None:
    rows = days("a", lift=3.0)
    for name, header, series in (
        ("whole", SERIES_HEADER, rows),
        ("sample", SERIES_HEADER + ",sampling", [(*row, "constant") for row in rows]),
        ("fault", SERIES_HEADER + ",sampling", [(*row, "steady") for row in rows]),
    ):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "series.csv", header, series)
        write(tmp_path / name / "events.csv", EVENTS_HEADER, [DEBATE])
    whole, sample, fault = (
        answer_asks(tmp_path / name / "series.csv", tmp_path / name / "events.csv")[0]
        for name in ("whole", "sample", "fault")
    )
    assert (sample.rr, sample.rr_low) == (whole.rr, whole.rr_low)
    assert (whole.excess is None, sample.excess, sample.excess_low) == (False, None, None)
    assert "constant_sampling" in sample.flags
    assert "unknown" not in explain_answer(sample)
    assert fault.status != "ok"
