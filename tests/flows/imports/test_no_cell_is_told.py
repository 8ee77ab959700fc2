"""Nothing that an import says or keeps of itself holds a cell: screen, logs, ledger, state, whatever the file is."""

import ast
import csv
import io
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import SourceUnreadable
from connectors.foreign_errors import safely_told
from tests.doubles.home_search import found_in_home
from tests.flows.commands.commands import afterdebate
from tests.flows.imports.donation_campaign import with_fec
from tests.flows.imports.test_fec_editions import RECEIPTS, gift

PLANTED = ["Quillfeather", "Wobblemoor Lane", "Grumbleworks", "MEGAWORD"]
LAST, STREET, EMPLOYER, MEGA = PLANTED


def named(transaction: str, width: int, cells: dict[int, str] | None = None) -> list[str]:
    return gift(transaction, width, {7: LAST, 12: STREET, 23: EMPLOYER} | (cells or {}))


def written(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([RECEIPTS, *rows])
    return out.getvalue().encode()


WHOLE = written(named("T1", 45), named("T2", 45))
LINE = written(named("T3", 45)).split(b"\n", 1)[1]
FILES = {
    "rows longer than the header": written(named("T1", 47, {44: "X"}), named("T2", 47, {45: EMPLOYER})),
    "a ragged line in the middle": WHOLE + written(named("T3", 49, {48: LAST})).split(b"\n", 1)[1] + LINE,
    "bytes that are no UTF-8": WHOLE.replace(LAST.encode(), b"\xff\xfeQuillfeather\xe9"),
    "a lone quote": WHOLE + LINE.replace(LAST.encode(), b'"' + LAST.encode()) + LINE,
    "a quote that closes early": WHOLE + LINE.replace(LAST.encode(), b'"' + LAST.encode() + b'"x') + LINE,
    "NUL": WHOLE + LINE.replace(b"25.00", b"2\0005.00"),
    "a field of megabytes": WHOLE + LINE.replace(STREET.encode(), MEGA.encode() * 400_000),
    "a quoted field of megabytes": WHOLE + LINE.replace(STREET.encode(), b'"' + MEGA.encode() * 400_000 + b',"'),
    "line breaks in a cell": WHOLE + LINE.replace(STREET.encode(), b'"' + STREET.encode() + b"\n\n" + b'x"'),
    "cells where the amount and the day should be": WHOLE + LINE.replace(b"25.00", LAST.encode()),
    "no header": LINE,
    "JSON that breaks off": b'{"results": [{"contributor_last_name": "' + LAST.encode(),
    "JSON of nothing but brackets": b"[" * 200_000,
    "half a character in JSON": b'{"results": [{"committee_id": "C00703975", "contribution_receipt_date": "2020-09-29",'
    b' "contribution_receipt_amount": 5, "memo_text": "\\ud800", "contributor_last_name": "\\udc00Quillfeather"}]}',
}


def all_that_is_told(folder: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> tuple[list[str], int]:
    """The planted words that the import of one file let slip, and its exit code."""
    campaign, home = with_fec(folder / "us"), folder / "home"
    (campaign.folder / "fec" / "a.csv").write_bytes(content)
    with caplog.at_level(logging.DEBUG):
        result = afterdebate("import", campaign.folder, "--home", home)
    trouble = "" if isinstance(result.exception, SystemExit | None) else repr(result.exception)
    said = "\n".join([result.output, result.stderr, caplog.text, trouble])
    slipped = [word for word in PLANTED if word.lower() in said.lower()]
    assert not trouble
    return [*slipped, *(f"{word} in {file}" for word, file in found_in_home(home, PLANTED))], result.exit_code


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_defies_the_readers_is_told_of_without_a_word_of_it(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slipped, exit_code = all_that_is_told(tmp_path, FILES[what], caplog)
    assert slipped == []
    assert exit_code in {0, 1}


def test_rows_around_a_line_that_is_refused_are_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    campaign = with_fec(tmp_path / "us")
    for what in ("a ragged line in the middle", "a lone quote", "a field of megabytes"):
        (campaign.folder / "fec" / "a.csv").write_bytes(FILES[what])
        said = afterdebate("import", campaign.folder, "--home", tmp_path / what).stdout
        assert "fec: read " in said
        assert "landed 3" in said or "landed 4" in said, what


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_bytes_make_an_import_end_otherwise_than_by_its_own_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = data.draw(st.sampled_from([FILES["rows longer than the header"], WHOLE, b""]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        come = data.draw(
            st.one_of(st.binary(max_size=40), st.sampled_from([b'"', b"\0", b",,", b"\r", b"\x1f\x8b", b"["]))
        )
        content = content[:at] + come + content[at + data.draw(st.integers(0, 60)) :]
    folder = tmp_path_factory.mktemp("any")
    campaign = with_fec(folder / "us")
    (campaign.folder / "fec" / "a.csv").write_bytes(content)
    result = afterdebate("import", campaign.folder, "--home", folder / "home")
    assert isinstance(result.exception, SystemExit | None)
    assert [word for word in PLANTED if word.lower() in (result.output + result.stderr).lower()] == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SourceUnreadable("the JSON breaks off"), "the JSON breaks off"),
        (FileNotFoundError(2, "No such file", "/home/jane/quillfeather.csv"), "No such file or directory"),
        (OSError("CSV Error on Line: 2 Original Line: Quillfeather"), "OSError"),
        (ValueError("Quillfeather is no number"), "ValueError"),
    ],
)
def test_of_an_error_that_is_not_ours_only_its_kind_is_repeated(error: Exception, told: str) -> None:
    assert safely_told(error) == told


ROOT = Path(__file__).parents[3]
ON_THE_WAY_IN = [
    path
    for pattern in (
        "connectors/donations/*.py",
        "connectors/x_archive*.py",
        "flows/import_*.py",
        "flows/donation_*.py",
        "flows/imports/archives/post_files.py",
        "warehouse/bulk*.py",
        "warehouse/landing/files.py",
    )
    for path in sorted(ROOT.glob(pattern))
]
_OURS = {
    "SourceError",
    "SourceUnreadable",
    "SourceRefused",
    "SourceUnavailable",
    "BadCell",
    "NotPlain",
    "NotPlainPosts",
}
_OURS |= {"NotAPost", "CampaignFault", "AnyOther"}


@pytest.mark.parametrize("path", ON_THE_WAY_IN, ids=lambda path: path.name)
def test_no_reader_repeats_the_words_of_an_error_that_is_not_ours(path: Path) -> None:
    assert _repeated(ast.parse(path.read_text(encoding="utf-8"))) == []


def _repeated(tree: ast.AST) -> list[str]:
    """Every foreign error that a handler turns into text otherwise than through `safely_told`."""
    found = []
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name):
        kinds = {name.id for name in ast.walk(handler.type or handler) if isinstance(name, ast.Name)}
        if not kinds <= _OURS:
            compared = {
                id(part) for node in ast.walk(handler) if isinstance(node, ast.Compare) for part in ast.walk(node)
            }
            texts = [node for node in ast.walk(handler) if _is_text_of(node, handler.name or "")]
            found += [ast.unparse(node) for node in texts if id(node) not in compared]
    return found


def _is_text_of(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FormattedValue):
        return isinstance(node.value, ast.Name) and node.value.id == name
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"str", "repr"}):
        return False
    return any(isinstance(argument, ast.Name) and argument.id == name for argument in node.args)
