"""Every number on which a result depends is in the spec, or says by name and comment what it is."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import warehouse.effects

ROOM = Path(warehouse.effects.__file__).parent
PLAIN = (0, 1, 2)  # False and True are among them
SAID = ("tolerance", "definition")


def unnamed(source: str) -> Iterator[tuple[int, float]]:
    """Line and value of each number but 0, 1 and 2 that is in no constant which a comment explains."""
    comments = {
        token.start[0]: token.string.casefold()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    explained: set[int] = set()  # lines
    is_headed, last = False, -1
    for statement in ast.parse(source).body:
        first, end = statement.lineno, statement.end_lineno or statement.lineno
        is_constant = isinstance(statement, ast.Assign) and all(_is_upper(target) for target in statement.targets)
        # A comment line heads the constants that follow it without a gap.
        above = comments.get(first - 1, "") if last != first - 1 else ""
        is_headed = is_constant and (any(word in above for word in SAID) or (is_headed and last == first - 1))
        if is_constant and (is_headed or any(word in comments.get(end, "") for word in SAID)):
            explained.update(range(first, end + 1))
        last = end
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, int | float):
            continue
        if node.value not in PLAIN and node.lineno not in explained:
            yield node.lineno, node.value


def _is_upper(target: ast.expr) -> bool:
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(name, ast.Name) and name.id.isupper() for name in names)


def test_a_number_is_found_unless_a_named_constant_says_what_it_is() -> None:
    source = "\n".join(
        [
            "_A = 3  # numerical tolerance",
            "_B = 4  # gifts",
            "",
            "# Definitions: of a calendar.",
            "_C = 5",
            "_D, _E = 6, 7  # days",
            "",
            "_F = 8",
            "few = 9  # definition",
            "def double(x):",
            "    return x * 2 + 10  # numerical tolerance",
        ]
    )
    assert sorted(unnamed(source)) == [(2, 4), (8, 8), (9, 9), (11, 10)]


def test_every_threshold_is_in_the_spec_and_every_other_number_says_what_it_is() -> None:
    found = [
        f"{path.relative_to(ROOM)}:{line}: {value}"
        for path in sorted(ROOM.rglob("*.py"))
        if path != ROOM / "spec.py"
        for line, value in unnamed(path.read_text(encoding="utf-8"))
    ]
    assert found == []
