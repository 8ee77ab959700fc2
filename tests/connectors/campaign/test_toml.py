"""The locator finds every value that tomllib reads, on the line on which it was written."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from connectors.campaign.toml import Place, TomlFile, locate
from connectors.errors import CampaignFault

EVERY_SHAPE = """\
# a comment with [brackets] and "quotes"
title = "a # that is no comment"
when = 2020-09-29 21:00:00 # a space inside a value
text = \"\"\"
[not.a.table]
key = "not a key" \\\"\"\"
and two quotes \"\"\"\"\"
'quoted key' . inner = 'C:\\'
empty = []

[x]
budget = 20.0
nested = { a = [1, 2], b = { c = 3 } }

[[candidates]]
id = "biden"
aliases = [
    "Joe Biden", # with a comment, and ]
    "Biden",
]
[candidates.accounts]
x = ["JoeBiden"]

[[candidates]]
id = "trump"
[[candidates.notes]]
said = '''
'quoted' '''
"""


def test_every_shape_of_value_is_found_on_its_line() -> None:
    lines = locate(EVERY_SHAPE)
    assert lines[("title",)] == 2
    assert lines[("text",)] == 4
    assert lines[("quoted key", "inner")] == 8
    assert lines[("x", "nested", "b", "c")] == 13
    assert lines[("candidates", 0, "aliases", 1)] == 19
    assert lines[("candidates", 0, "accounts", "x", 0)] == 22
    assert lines[("candidates", 1)] == 24
    assert lines[("candidates", 1, "notes", 0, "said")] == 27


def places(value: Any, at: Place = ()) -> set[Place]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    if isinstance(value, list):
        inner = list(enumerate(value))
    return {at for _ in [0] if at}.union(*(places(each, (*at, key)) for key, each in inner))


def test_every_value_of_the_example_has_a_line_and_nothing_else_has() -> None:
    assert set(locate(EVERY_SHAPE)) == places(tomllib.loads(EVERY_SHAPE))


KEYS = st.text(st.sampled_from("ab._- \"'#[]é"), max_size=4).map(lambda key: json.dumps(key, ensure_ascii=False))
SCALARS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8).map(
        lambda t: json.dumps(t, ensure_ascii=False)
    ),
    st.sampled_from(
        ["1", "-2.5", "true", "2020-09-29", "2020-09-29 21:00:00", "'raw \\'", '"""two\nlines"""', "'''a'b'''"]
    ),
)
GAPS = st.sampled_from(["", " ", "\n", " # ] } ,\n", "\r\n\t"])


@st.composite
def arrays(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    gap = draw(GAPS)
    return "[" + gap + f"{gap},{gap}".join(draw(st.lists(values, max_size=3))) + gap + "]"


@st.composite
def inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    pairs = draw(st.dictionaries(KEYS, values, max_size=3))
    return "{" + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + "}"


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=8)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for name in draw(st.lists(st.sampled_from(["", "[[t]]", "[[t.'s u']]", "[t.v]", "[w.x]"]), max_size=5)):
        lines += [name, *(f"{key} = {value}" for key, value in draw(st.dictionaries(KEYS, VALUES, max_size=3)).items())]
        lines += draw(st.lists(st.sampled_from(["", "# [[t]]", "  "]), max_size=2))
    return "\n".join(lines)


@given(documents())
def test_what_tomllib_reads_the_locator_finds(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        reject()  # two tables or keys of one name
    lines = locate(text)
    assert set(lines) == places(values)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_a_key_is_on_the_line_on_which_it_was_written(pairs: dict[str, str]) -> None:
    text, written_on = "", {}
    for key, value in pairs.items():
        written_on[json.loads(key)] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    lines = locate(text)
    assert {key: lines[(key,)] for key in written_on} == written_on


def test_bad_toml_is_a_fault_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CampaignFault) as caught:
        TomlFile(tmp_path / "campaign.toml", 'id = "a"\ntitle = unquoted\n')
    assert caught.value.faults[0].line == 2


def test_what_is_missing_is_shown_where_it_should_stand(tmp_path: Path) -> None:
    file = TomlFile(tmp_path / "campaign.toml", 'a = 1\n[[feeds]]\nid = "b"\n')
    assert file.line_of(("feeds", 0, "url")) == 2
    assert file.line_of(("nowhere",)) == 1
