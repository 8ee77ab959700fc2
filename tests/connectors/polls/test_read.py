"""Files of polls as people send them: each row a record for each candidate, or set aside with a reason."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceUnreadable
from connectors.polls.read import read_polls
from connectors.polls.source import PollFile, PollSource, ReadPolls

NOW = datetime(2012, 11, 1, tzinfo=UTC)
HEADER = "pollster,starts_on,ends_on,sample,population,obama,romney\n"
WIDE = {"obama": "obama", "romney": "romney"}


def read(text: str, **declared: Any) -> ReadPolls:
    told: dict[str, Any] = {"columns": {}, "candidate_columns": WIDE, "unit": "percent", "dates": "iso"}
    source = PollSource(
        campaign_id="us", source_id="polls", roster=frozenset({"obama", "romney"}), territory=None, **(told | declared)
    )
    return read_polls(PollFile(content=text.encode(), file_sha256="a", known_at=NOW), source)


def test_a_row_with_a_column_a_candidate_is_a_record_for_each() -> None:
    found = read(HEADER + "  Gallup  Poll ,2012-10-04,2012-10-09,1387,Likely Voters,47,47.5\n")
    assert found.set_aside == []
    assert found.rows == 1
    assert [(p.candidate_id, p.pollster, p.starts_on, p.ends_on, p.sample, p.share) for p in found.records] == [
        ("obama", "Gallup Poll", date(2012, 10, 4), date(2012, 10, 9), 1387, 0.47),
        ("romney", "Gallup Poll", date(2012, 10, 4), date(2012, 10, 9), 1387, 0.475),
    ]


def test_a_file_with_a_row_a_candidate_and_other_headers_is_read_by_the_columns_that_the_campaign_names() -> None:
    found = read(
        "Institut;Du;Au;N;Qui;Part\nIfop;04/10/2012;09/10/2012;1 387;obama;0,47\n"
        "Ifop;04/10/2012;09/10/2012;1387;X;0,02\n",
        columns={
            "pollster": "Institut", "starts_on": "Du", "ends_on": "Au", "sample": "N", "candidate": "Qui",
            "share": "Part",
        },
        candidate_columns={},
        unit="share",
        dates="day-first",
    )  # fmt: skip
    assert [(p.candidate_id, p.starts_on, p.sample, p.share) for p in found.records] == [
        ("obama", date(2012, 10, 4), 1387, 0.47)
    ]
    assert found.set_aside == [(3, "the poll asks about somebody who is not on the roster")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Gallup,2012-10-09,2012-10-04,1000,,47,47", "the poll ends before it begins"),
        (",2012-10-04,2012-10-09,1000,,47,47", "the pollster is empty"),
        ("Gallup,2012-10-04,2012-10-09,,,47,47", "the sample is empty: without it nobody knows how sure the poll is"),
        (
            "Gallup,2012-10-04,2012-10-09,0,,47,47",
            "the sample is no whole number above zero (it looks like 9): without it nobody knows how sure the poll is",
        ),
        ("Gallup,2012-10-04,2012-10-09,1000,,,", "no candidate has a share"),
        ("Gallup,2012-10-04,2012-10-09,1000,,57,47", "the shares add up to more than 100 per cent"),
        ("Gallup,2012-10-04,2012-10-09,1000,,x,47", "the share is no number of 0 or more (it looks like A)"),
        ("Gallup,2012-10-04,2012-10-09,1000,,470,47", "the share is above the whole"),
        ("Gallup,,2012-10-09,1000,,47,47", "starts_on is empty"),
        (
            "Gallup,10/4/2012,2012-10-09,1000,,47,47",
            "starts_on is no day that this file's layout knows (it looks like 99/9/9999). Mend: "
            'add dates = "month-first" or "day-first" to this [[polls]] table',
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(row: str, reason: str) -> None:
    assert read(f"{HEADER}{row}\n").set_aside == [(2, reason)]


def test_a_candidate_whom_a_poll_did_not_ask_about_has_no_record_of_it() -> None:
    assert [p.candidate_id for p in read(HEADER + "Gallup,2012-10-04,2012-10-09,1000,,47,\n").records] == ["obama"]


def test_a_header_without_a_needed_column_sets_every_row_aside_and_names_the_column() -> None:
    found = read("pollster,from,ends_on,sample,obama,romney\nGallup,2012-10-04,2012-10-09,1000,47,47\n")
    assert len(found.set_aside) == 1
    assert "the header has no column starts_on" in found.set_aside[0].reason


def test_shares_of_one_declared_as_per_cent_are_refused_with_the_mend() -> None:
    with pytest.raises(SourceUnreadable, match='unit = "share"'):
        read(HEADER + "Gallup,2012-10-04,2012-10-09,1000,,0.47,0.45\n")


@given(st.text(max_size=200))
def test_whatever_a_file_holds_each_row_is_read_or_set_aside(text: str) -> None:
    found = read(HEADER + text)
    assert all(0 <= poll.share <= 1 and poll.sample > 0 for poll in found.records)
    assert all(row.reason for row in found.set_aside)
