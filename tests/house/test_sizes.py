"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def test_no_module_is_longer_than_320_lines() -> None:
    assert MODULES
    assert too_long(MODULES, 320) == []


def test_no_file_of_views_functions_or_queries_is_longer_than_320_lines() -> None:
    sql = ROOT / "src" / "viralforge" / "sql"
    files = [*(sql / "objects").rglob("*.sql"), *(sql / "queries").rglob("*.sql")]
    assert files
    assert too_long(files, 320) == []


def test_no_file_of_tests_is_longer_than_400_lines() -> None:
    assert too_long(TESTS, 400) == []


def test_no_function_is_longer_than_50_lines() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length(node)} lines"
        for path in MODULES + TESTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length(node) > 50
    ]
    assert found == []


def too_long(files: list[Path], most: int) -> list[str]:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    return [f"{path.relative_to(ROOT)}: {count} lines" for path, count in lines.items() if count > most]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
