"""Sign-ups in, one record a row; whoever signed up stays a keyed hash, and what cannot be read is set aside."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.formats.signups import read_signups
from connectors.donations.source import SetAside
from connectors.records import Signup
from tests.connectors.donations.given import NOON, a_file, a_source, key_of

HEADER = "signup_id,signed_up_at,what,event_id,channel,scope,territory,candidate,person\n"
SOURCE = a_source(
    format="signups", source_id="join", events=frozenset({"rally-1"}), channels=frozenset({"our-network"})
)


def read(rows: str, **said: object) -> list[Signup]:
    found = read_signups(a_file(HEADER + rows), a_source(**{**vars_of(SOURCE), **said}), key_of).records
    return [one for one in found if isinstance(one, Signup)]


def vars_of(source: object) -> dict[str, object]:
    return {name: getattr(source, name) for name in source.__slots__}  # type: ignore[attr-defined]


def test_a_row_is_a_signup_with_its_person_hashed() -> None:
    [signup] = read("s1,2020-09-29 21:05,RSVP,rally-1,our-network,local,NY,,Jane Doe\n")
    assert signup == Signup(
        campaign_id="us-2020",
        source_id="join",
        file_sha256=a_file(HEADER + "s1,2020-09-29 21:05,RSVP,rally-1,our-network,local,NY,,Jane Doe\n").sha256,
        line_number=2,
        signup_id="s1",
        candidate_id="biden",
        signed_up_at=datetime(2020, 9, 30, 1, 5, tzinfo=UTC),
        signed_up_on=date(2020, 9, 29),
        precision="instant",
        what="rsvp",
        event_id="rally-1",
        channel="our-network",
        scope="local",
        territory="NY",
        person_key="key-of-8",
        known_at=NOON,
    )


def test_a_postal_code_is_kept_only_where_the_campaign_declares_it_as_a_territory() -> None:
    rows = "s1,2020-09-29 21:05,rsvp,,,,10001,,\ns2,2020-09-29 21:05,rsvp,,,,10002,,\n"
    assert [one.territory for one in read(rows, territories=frozenset({"10001"}))] == ["10001", None]


def test_what_is_said_in_no_word_of_ours_is_set_aside_and_what_is_not_said_is_other() -> None:
    read_file = read_signups(
        a_file(HEADER + "s1,2020-09-29 21:05,,,,,,,\ns2,2020-09-29 21:05,dinner,,,,,,\n"), SOURCE, key_of
    )
    [signup] = read_file.records
    assert isinstance(signup, Signup) and (signup.what, signup.person_key, signup.event_id) == ("other", None, None)
    reason = "what was signed up for is none of rsvp, volunteer, member, list, other"
    assert read_file.set_aside == [SetAside(3, reason)]


def test_a_name_in_a_cell_of_ids_or_labels_does_not_pass() -> None:
    [signup] = read("Jane Doe,2020-09-29 21:05,rsvp,Jane Doe,Jane Doe,Jane Doe,Jane Doe,,Jane Doe\n")
    assert "Jane" not in str(signup)
    assert (signup.channel, signup.scope, signup.territory) == ("other", None, None)


def test_the_same_row_in_two_exports_has_one_id_and_twice_in_one_has_two() -> None:
    row = ",2020-09-29 21:05,list,,,,,,Jane Doe\n"
    first, second = read(row + row)
    [again] = read(row)
    assert again.signup_id == first.signup_id != second.signup_id


def test_a_header_without_a_time_is_told_with_its_mend() -> None:
    found = read_signups(a_file("who,when\nJane,now\n"), SOURCE, key_of)
    assert found.records == []
    assert "name its headers in this [[signups]] table: columns = { signed_up_at" in found.set_aside[0].reason


@pytest.mark.parametrize(("time", "on"), [("2020-09-29", date(2020, 9, 29)), ("2020-11-01", date(2020, 11, 1))])
def test_of_days_the_day_alone_is_known(time: str, on: date) -> None:
    [signup] = read(f"s1,{time},member,,,,,,\n", precision="day", timezone=None)
    assert (signup.signed_up_at, signup.signed_up_on) == (None, on)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_and_every_row_is_read_or_set_aside(text: str) -> None:
    found = read_signups(a_file((HEADER + text).encode("utf-8", "replace")), SOURCE, key_of)
    assert all(isinstance(record, Signup) for record in found.records)
