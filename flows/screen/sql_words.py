"""What the shell of `sql` offers while somebody types: tables, columns of the tables named so far, words of SQL."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flows.sql_examples import example_names
from warehouse.publish.reading import Answer

COMMANDS = {
    ".tables": "the tables, and what a row of each tells",
    ".schema": ".schema TABLE: its columns, and what each says",
    ".examples": "worked questions",
    ".example": ".example NAME: ask one of them",
    ".help": "these commands",
    ".quit": "leave; so does Ctrl-D",
}
ASK_COLUMNS = (
    "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
)

_SQL = re.findall(
    r"\w+",
    """SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT JOIN LEFT INNER FULL USING ON AS AND OR NOT IN IS NULL LIKE ILIKE
    BETWEEN CASE WHEN THEN ELSE END WITH DISTINCT UNION ALL DESC ASC DESCRIBE SUMMARIZE SHOW EXISTS ANTI SEMI OVER
    PARTITION QUALIFY INTERVAL FILTER EXCLUDE count sum avg min max median round coalesce date_trunc strftime unnest""",
)
_TABLE_AFTER = {"from", "join", "describe", "summarize", "table"}
_NAMED = re.compile(r"\b(?:from|join)\s+((?:\w+\.)?\w+)(?:\s+(?:as\s+)?(\w+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Columns with their types by table, which is named schema.table."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def tables(self) -> dict[str, str]:
        """Each table's name as it may stand alone, and its schema."""
        return {name.partition(".")[2]: name.partition(".")[0] for name in self.columns}

    def columns_of(self, table: str) -> Mapping[str, str]:
        """The columns of a table, with or without its schema; none where there is no such table."""
        found = (columns for name, columns in self.columns.items() if table.lower() in {name, name.partition(".")[2]})
        return next(found, {})


def vocabulary_of(answer: Answer) -> Vocabulary:
    """What the answer to `ASK_COLUMNS` tells."""
    columns: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in answer.rows:
        columns.setdefault(f"{schema}.{table}", {})[str(column)] = str(kind)
    return Vocabulary(columns)


def offers(vocabulary: Vocabulary, before: str, statement: str) -> Iterator[tuple[str, str, str]]:
    """What may go on: the word, the letters of it that are there, and what it is.

    `before` is the text up to the cursor, `statement` the whole of it.
    """
    if before.lstrip().startswith("."):
        yield from _of_commands(vocabulary, before.lstrip())
        return
    word = _last_word(before)
    if "." in word:
        yield from _after_a_dot(vocabulary, word, statement)
        return
    before_word = before[: len(before) - len(word)].split()
    is_table = bool(before_word) and (before_word[-1].lower() in _TABLE_AFTER or before_word[-1].endswith(","))
    if is_table:
        yield from _beginning(word, vocabulary.tables())
    if not is_table or before_word[-1].endswith(","):
        yield from _beginning(word, _columns_in(vocabulary, statement))
        if word:
            yield from _beginning(word, dict.fromkeys(_SQL, "SQL"))
            yield from _beginning(word, vocabulary.tables())


def _of_commands(vocabulary: Vocabulary, before: str) -> Iterator[tuple[str, str, str]]:
    command, space, rest = before.partition(" ")
    if not space:
        yield from _beginning(command, COMMANDS)
    elif command == ".schema":
        yield from _beginning(rest, vocabulary.tables())
    elif command == ".example":
        yield from _beginning(rest, dict.fromkeys(example_names(), "question"))


def _after_a_dot(vocabulary: Vocabulary, word: str, statement: str) -> Iterator[tuple[str, str, str]]:
    name, _, begun = word.rpartition(".")
    aliases = {alias.lower(): table for table, alias in _NAMED.findall(statement) if alias}
    in_schema = {table: schema for table, schema in vocabulary.tables().items() if schema == name.lower()}
    yield from _beginning(begun, in_schema or vocabulary.columns_of(aliases.get(name.lower(), name)))


def _columns_in(vocabulary: Vocabulary, statement: str) -> dict[str, str]:
    """Columns of the tables that the statement names; of all, where it names none yet."""
    tables = [table for table, _ in _NAMED.findall(statement) if vocabulary.columns_of(table)]
    found: dict[str, str] = {}
    for table in tables or vocabulary.columns:
        found |= vocabulary.columns_of(table)
    return found


def _beginning(begun: str, words: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for word, what in words.items():
        if word.lower().startswith(begun.lower()):
            yield word, begun, what


def _last_word(before: str) -> str:
    found = re.search(r"[\w.]*$", before)
    return found[0] if found else ""
