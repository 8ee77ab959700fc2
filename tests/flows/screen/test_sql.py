import csv
import io
import json
import threading
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest

from flows.reports.ask import written
from flows.screen.sql import statements
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate, assert_refused, published_home

__all__ = ["published_home"]


def test_a_query_is_answered_as_a_table(published_home: Path) -> None:
    result = afterdebate("sql", "SELECT source_id, coverage FROM coverage ORDER BY 1", "--home", published_home)

    assert result.exit_code == 0
    header, _rule, *rows = result.stdout.splitlines()
    assert header.split() == ["source_id", "┃", "coverage"]
    assert [row.split() for row in rows] == [["blog-a", "│", "0.5"], ["blog-b", "│"]]


def test_csv_has_a_header_and_times_in_utc(published_home: Path) -> None:
    result = afterdebate("sql", "FROM metrics.coverage ORDER BY 1", "--format", "csv", "--home", published_home)

    assert result.stdout == ("source_id,interval_start_at,coverage\nblog-a,2020-10-08 01:00:00+00,0.5\nblog-b,,\n")


def test_json_is_a_list_of_rows(published_home: Path) -> None:
    result = afterdebate(
        "sql", "SELECT source_id, coverage FROM coverage ORDER BY 1", "--format", "json", "--home", published_home
    )

    assert json.loads(result.stdout) == [
        {"source_id": "blog-a", "coverage": 0.5},
        {"source_id": "blog-b", "coverage": None},
    ]


def test_the_ending_of_the_output_says_the_format(published_home: Path) -> None:
    target = published_home / "it's.parquet"
    result = afterdebate("sql", "FROM coverage", "--output", target, "--home", published_home)

    assert result.exit_code == 0
    assert (
        duckdb.read_parquet(str(target)).fetchall()
        == duckdb.sql("FROM read_parquet(?)", params=[str(target)]).fetchall()
    )
    assert duckdb.sql("SELECT count(*) FROM read_parquet(?)", params=[str(target)]).fetchone() == (2,)


def test_descriptions_of_tables_can_be_exported_too(published_home: Path) -> None:
    result = afterdebate("sql", "DESCRIBE coverage", "--format", "csv", "--home", published_home)

    assert "interval_start_at,TIMESTAMP WITH TIME ZONE" in result.stdout


def test_a_query_may_begin_with_a_comment(published_home: Path) -> None:
    result = afterdebate("sql", "-- how many\nSELECT 2 AS n", "--format", "csv", "--home", published_home)

    assert result.stdout == "n\n2\n"


def test_statements_on_standard_input_are_answered_one_by_one(published_home: Path) -> None:
    from typer.testing import CliRunner

    from flows.cli import main

    words = ["sql", "--format", "csv", "--home", str(published_home)]
    result = CliRunner().invoke(main, words, input="SELECT 1 AS a;\nSELECT\n 2 AS b")

    assert result.stdout == "a\n1\nb\n2\n"


def test_a_long_answer_says_that_it_was_cut(published_home: Path) -> None:
    result = afterdebate("sql", "FROM range(201)", "--home", published_home)

    assert "First 200 rows" in result.stderr
    assert len(result.stdout.splitlines()) == 202


def test_the_published_database_cannot_be_changed(published_home: Path) -> None:
    assert_refused(afterdebate("sql", "DELETE FROM coverage", "--home", published_home), "read-only")


@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1) TO '{folder}/leak.csv'",
        "COPY (SELECT 1) TO '{folder}/afterdebate.duckdb' (FORMAT parquet)",
        "COPY (SELECT 1) TO '{folder}/afterdebate.duckdb' (FORMAT csv, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/afterdebate.duckdb.wal' (FORMAT csv, USE_TMP_FILE false)",
        "PREPARE p AS COPY (SELECT 1) TO '{folder}/afterdebate.duckdb' (FORMAT csv, USE_TMP_FILE false); EXECUTE p",
        "EXPORT DATABASE '{folder}/leak'",
        "ATTACH '{folder}/leak.duckdb'",
        "SET enable_external_access = true; COPY (SELECT 1) TO '{folder}/leak.csv'",
        "SET log_query_path = '{folder}/leak.log'; SELECT 1",
        "FROM read_text('{folder}/../notes.txt')",
    ],
)
@pytest.mark.parametrize("options", [[], ["--format", "csv"]], ids=["table", "csv"])
def test_a_query_reaches_no_file(published_home: Path, query: str, options: list[str]) -> None:
    folder = published_home / "published"
    before = (folder / "afterdebate.duckdb").read_bytes()

    assert_refused(
        afterdebate("sql", query.format(folder=folder), *options, "--home", published_home),
        "a query reaches the published tables alone",
        "--output",
    )
    assert [path.name for path in folder.iterdir()] == ["afterdebate.duckdb"]
    assert (folder / "afterdebate.duckdb").read_bytes() == before


def test_an_output_opens_no_other_file_to_its_query(published_home: Path) -> None:
    query = f"COPY (SELECT 1) TO '{published_home}/leak.csv'; FROM coverage"
    answered = afterdebate("sql", query, "--output", published_home / "a.csv", "--home", published_home)

    assert_refused(answered, "--output")
    assert not (published_home / "leak.csv").exists()


def test_an_output_that_is_there_is_replaced(published_home: Path) -> None:
    target = published_home / "a.csv"
    target.write_text("old\n" * 9)
    result = afterdebate("sql", "SELECT 1 AS n", "--output", target, "--home", published_home)

    assert (result.exit_code, target.read_text()) == (0, "n\n1\n")
    assert [path.name for path in published_home.iterdir() if path.name.startswith("tmp_")] == []


def test_a_misspelled_column_is_named_with_its_likely_names(published_home: Path) -> None:
    assert_refused(
        afterdebate("sql", "SELECT sourceid FROM coverage", "--home", published_home), "sourceid", "source_id"
    )


def test_a_home_without_published_tables_says_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "none"
    assert_refused(afterdebate("sql", "SELECT 1", "--home", home), "nothing is published", "afterdebate run")
    assert not home.exists()


def test_parquet_does_not_go_to_the_screen(published_home: Path) -> None:
    assert_refused(afterdebate("sql", "FROM coverage", "--format", "parquet", "--home", published_home), "--output")


def test_an_output_in_no_folder_is_refused(published_home: Path) -> None:
    target = published_home / "nowhere" / "a.csv"
    assert_refused(afterdebate("sql", "FROM coverage", "--output", target, "--home", published_home), "no folder")


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.touch()
    assert_refused(afterdebate("sql", "SELECT 1", "--home", home), "not a folder")


def test_a_query_is_answered_while_a_build_holds_the_writers_file(published_home: Path) -> None:
    with duckdb.connect(published_home / "warehouse.duckdb") as writer:
        writer.execute("BEGIN; CREATE TABLE t AS SELECT 1")
        answered = []
        asking = threading.Thread(
            target=lambda: answered.append(afterdebate("sql", "FROM coverage", "--home", published_home).exit_code)
        )
        asking.start()
        asking.join()

    assert answered == [0]


def test_a_statement_ends_with_its_semicolon_or_with_the_input() -> None:
    assert list(statements(["SELECT 1;\n", "SELECT\n", "2"])) == ["SELECT 1;\n", "SELECT\n2\n"]


@pytest.mark.parametrize("name", ["answer.ods", "answer.jsonl"])
def test_an_ending_that_is_not_written_is_refused(published_home: Path, tmp_path: Path, name: str) -> None:
    result = afterdebate("sql", "FROM coverage", "--output", tmp_path / name, "--home", published_home)
    assert_refused(result, ".csv, .json, .parquet, .xlsx")
    assert not (tmp_path / name).exists()


def test_csv_for_spreadsheets_has_semicolons_decimal_commas_and_no_formula(
    published_home: Path, tmp_path: Path
) -> None:
    query = "SELECT '=1+1' AS title, 0.5::DOUBLE AS share, -2 AS less, 'a-b' AS plain"
    target = tmp_path / "answer.csv"
    where = ("--format", "spreadsheet", "--output", target, "--home", published_home)
    assert afterdebate("sql", query, *where).exit_code == 0
    assert target.read_text(encoding="utf-8-sig") == "title;share;less;plain\n'=1+1;0,5;-2;a-b\n"
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\n=", " =", "\ufeff=", *"＝＋－＠"])
@pytest.mark.parametrize("written_as", ["csv", "spreadsheet"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_in_csv(
    published_home: Path, begin: str, written_as: str
) -> None:
    query = f"SELECT '{begin}cmd' AS \"{begin}name\""
    result = afterdebate("sql", query, "--format", written_as, "--home", published_home)
    header, cell = csv.reader(io.StringIO(result.stdout, newline=""))
    assert (header, cell) == ([f"'{begin}name"], [f"'{begin}cmd"])
    assert [written(f"{begin}cmd")] == cell


def test_a_text_that_no_spreadsheet_would_run_stays_as_it_is(published_home: Path) -> None:
    result = afterdebate("sql", "SELECT 'a=1' AS t, -2 AS n", "--format", "csv", "--home", published_home)
    assert result.stdout == "t,n\na=1,-2\n"


def test_a_second_name_of_a_file_of_the_home_is_refused_as_well(published_home: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    (published_home / "published" / "manifest.json").write_text("{}")
    target.hardlink_to(published_home / "published" / "manifest.json")
    before = target.read_bytes()
    assert_refused(afterdebate("sql", "FROM coverage", "--output", target, "--home", published_home), "of the home")
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("written_as", "name"),
    [("csv", "x.xlsx"), ("xlsx", "x.csv"), ("table", "x.csv"), ("json", "x.parquet"), ("spreadsheet", "x.xls")],
)
def test_a_format_that_the_name_of_the_file_contradicts_is_refused(
    published_home: Path, tmp_path: Path, written_as: str, name: str
) -> None:
    where = ("--format", written_as, "--output", tmp_path / name, "--home", published_home)
    assert_refused(afterdebate("sql", "SELECT 1", *where), "which its name does not say")
    assert not (tmp_path / name).exists()


def test_no_file_of_the_home_is_written_over(published_home: Path) -> None:
    for name in ("published/afterdebate.duckdb", "warehouse.duckdb"):
        where = ("--format", "csv", "--output", published_home / name, "--home", published_home)
        assert_refused(afterdebate("sql", "FROM coverage", *where), "is a file of the home")


def test_a_call_ends_with_a_sentence(published_home: Path) -> None:
    result = afterdebate("sql", "CALL enable_logging('QueryLog')", "--home", published_home)
    assert_refused(result, "published tables alone")


def test_an_answer_is_written_as_a_spreadsheet_without_formulas(published_home: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.xlsx"
    result = afterdebate("sql", "SELECT '=1+1' AS a, 7 AS b", "--output", target, "--home", published_home)

    assert result.exit_code == 0, result.output
    with ZipFile(target) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<v>7</v>" in sheet


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_what_is_no_text_goes_to_a_file_only(published_home: Path, name: str) -> None:
    assert_refused(afterdebate("sql", "SELECT 1", "--format", name, "--home", published_home), "--output")


def test_commands_are_answered_without_a_terminal_too(published_home: Path) -> None:
    from typer.testing import CliRunner

    from flows.cli import main

    words = ["sql", "--home", str(published_home)]
    result = CliRunner().invoke(main, words, input=".tables\nSELECT\n 2 AS b;\n.schema coverage\n.examples\n")

    assert result.exit_code == 0, result.output
    assert "metrics.coverage" in result.stdout
    assert "interval_start_at" in result.stdout
    assert "gaps: When did nobody look, and why?" in result.stdout
    assert not (published_home / "sql_history").exists()


@pytest.mark.parametrize(
    ("typed", "said"), [(".nothing\n", ".help"), (".schema\n", ".help"), (".schema no\n", ".tables")]
)
def test_a_command_that_cannot_be_answered_ends_a_file_of_statements(
    published_home: Path, typed: str, said: str
) -> None:
    from typer.testing import CliRunner

    from flows.cli import main

    assert_refused(CliRunner().invoke(main, ["sql", "--home", str(published_home)], input=typed), "Mend:", said)


def test_a_file_of_statements_ends_where_it_says_so(published_home: Path) -> None:
    from typer.testing import CliRunner

    from flows.cli import main

    typed = ".quit\nSELECT 1 AS never;\n"
    result = CliRunner().invoke(main, ["sql", "--home", str(published_home)], input=typed)
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_worked_question_is_asked_in_the_shell_as_well(demo: Demo) -> None:
    from typer.testing import CliRunner

    from flows.cli import main

    result = CliRunner().invoke(main, ["sql", "--home", str(demo.home)], input=".example set-aside\n")
    assert "the amount is empty" in result.stdout
    assert "FROM facts.rejects" in result.stdout
