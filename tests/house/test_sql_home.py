"""SQL stands in `.sql` files: outside `db/` no Python string is a statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from viralforge.db.queries import Queries, subjects

PACKAGE = Path(__file__).parents[2] / "src" / "viralforge"
MODULES = sorted(PACKAGE.rglob("*.py"))
STATEMENT = re.compile(
    r"""\s*(?:--[^\n]*\n\s*)*(?:
        SELECT\s.*\sFROM\s | SELECT\s+[\w.]+\( | INSERT\s+INTO\s | UPDATE\s+[\w.]+\s+SET\s | DELETE\s+FROM\s
        | WITH\s+\w+\s+AS\s+(?:\w+\s+)*\( | COPY\s+[\w.]+\s*(?:\(|FROM\s|TO\s) | TRUNCATE\s+[\w.]+
        | REFRESH\s+MATERIALIZED\s
        | (?:CREATE|ALTER|DROP)\s+(?:\w+\s+)*(?:TABLE|VIEW|INDEX|FUNCTION|SCHEMA|DATABASE|ROLE)\b
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def test_no_statement_stands_in_python_outside_db() -> None:
    outside = [path for path in MODULES if path.parent != PACKAGE / "db"]
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text.strip()[:60]}"
        for path in outside
        for line, text in strings(ast.parse(path.read_text(encoding="utf-8")))
        if STATEMENT.match(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "SELECT id FROM scraped_posts"',
        'x = f"select {columns} from scraped_posts"',
        'x = b"SELECT now()"',
        'x = """\n-- why\nWITH new AS (SELECT 1) INSERT INTO t SELECT * FROM new"""',
        'x = f"UPDATE {table} SET views = 1"',
        'x = "insert into t values (1)"',
    ],
)
def test_a_statement_in_python_is_recognised(code: str) -> None:
    assert any(STATEMENT.match(text) for _line, text in strings(ast.parse(code)))


def test_prose_is_no_statement() -> None:
    prose = [
        "Select a platform.",
        "update the post",
        "with care as ever",
        "Copy of a post",
        "drop it",
        "Delete a post",
    ]
    assert [text for text in prose if STATEMENT.match(text)] == []


def test_every_query_is_used_by_its_name_in_a_module_that_opens_its_file() -> None:
    texts = [
        {text for _line, text in strings(ast.parse(path.read_text(encoding="utf-8")))} for path in MODULES
    ]
    unused = [
        f"{subject}.sql: {name}"
        for subject in subjects()
        for name in Queries(subject)
        if not any(subject in found and name in found for found in texts)
    ]
    assert unused == []


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of the code with its line, docstrings left out; an f-string's parts stand as `x`."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
            yield node.lineno, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("utf-8", "replace")
