"""JSON that came whole, in lines, or cut."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.cells.json_rows import read_entries
from connectors.errors import SourceUnreadable

ENTRIES = [{"id": 1, "who": {"name": 'Jane, "x"'}}, {"id": 2, "items": [{"type": "data"}]}, {"id": 3}]
WHOLE = {
    "list": json.dumps(ENTRIES, indent=1),
    "named": json.dumps({"pagination": {"count": 3}, "data": ENTRIES}),
    "lines": "".join(json.dumps(entry) + "\n" for entry in ENTRIES),
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=list(WHOLE))
def test_whole_json_is_read_whole(text: str) -> None:
    assert read_entries(text, ("data",)) == (ENTRIES, [])


@given(st.sampled_from(sorted(WHOLE)), st.integers(1, 200))
def test_what_was_cut_is_read_as_far_as_entries_are_whole(kind: str, cut: int) -> None:
    text = WHOLE[kind][:-cut]
    try:
        entries, torn = read_entries(text, ("data",))
    except SourceUnreadable:
        return
    assert entries == ENTRIES[: len(entries)]
    assert [row.line_number for row in torn] in ([], [len(entries) + 1])
    assert torn or kind == "lines"


def test_a_cut_list_keeps_its_first_entry_and_says_where_it_broke_off() -> None:
    entries, [torn] = read_entries(WHOLE["named"][:-20], ("data",))
    assert (entries, torn.line_number) == (ENTRIES[:1], 2)


@pytest.mark.parametrize("text", ['{"data": [{"id": ', "{}", "[1]", "{", '{"data": 1}'])
def test_json_without_a_whole_entry_is_refused(text: str) -> None:
    with pytest.raises(SourceUnreadable):
        read_entries(text, ("data",))
