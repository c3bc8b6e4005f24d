"""Modules are named for what they hold, and what is public is known and explained."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import viralforge

PACKAGE = Path(viralforge.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMELESS = {
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "base",
    "misc",
    "core",
    "lib",
}

# What others build on: a change here is a change for them, and a line in the changelog.
PUBLIC = [
    "AppEvent",
    "Capture",
    "CrewCall",
    "CrewExecution",
    "CrewRun",
    "DataWarehouse",
    "ErasureReceipt",
    "ExecutionChanges",
    "IngestReport",
    "MetricsSnapshot",
    "Rejection",
    "RemoteWarehouse",
    "Rows",
    "SavedPosts",
    "ScrapeJob",
    "ScrapedPost",
    "Settings",
    "Trend",
    "ViralForgeError",
    "connect",
    "current_run",
]


def test_no_module_has_a_name_that_says_nothing() -> None:
    everything = [*MODULES, *(PACKAGE.parents[1] / "tests").rglob("*.py")]
    found = [str(path) for path in everything if {path.stem, path.parent.name} & NAMELESS]
    assert found == []


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if path.stat().st_size and not says_what_it_is(path)
    ]
    assert wrong == []


def test_every_module_but_the_migrations_reads_annotations_late() -> None:
    line = "from __future__ import annotations\n"
    ours = [path for path in MODULES if "migrations" not in path.parts and path.stem != "__init__"]
    assert [
        str(path.relative_to(PACKAGE)) for path in ours if line not in path.read_text(encoding="utf-8")
    ] == []


def test_every_public_name_can_be_imported_and_is_explained() -> None:
    assert viralforge.__all__ == PUBLIC
    things = {name: getattr(viralforge, name) for name in viralforge.__all__}
    unexplained = [name for name, thing in things.items() if callable(thing) and not inspect.getdoc(thing)]
    assert unexplained == []


def test_the_package_shows_nothing_but_its_public_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported - {"annotations"} <= set(viralforge.__all__)


def says_what_it_is(path: Path) -> bool:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = " ".join(said.split("\n\n")[0].split())
    return first.endswith((".", ":")) and len(first) <= 220
