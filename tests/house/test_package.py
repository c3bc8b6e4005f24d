"""What is installed is whole: the wheel holds everything, and what the code imports is declared."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "viralforge"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_wheel_holds_every_file_of_the_package_and_the_command(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=ROOT, check=True, timeout=120)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        commands = wheel.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    ours = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path.relative_to(PACKAGE.parent).as_posix() for path in ours} <= names
    assert "viralforge = viralforge.cli.commands:main" in commands


def test_what_the_code_imports_is_declared() -> None:
    asked = [
        *PROJECT["dependencies"],
        *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
    ]
    declared = {plain(re.split(r"[\[<>=~! ]", line)[0]) for line in asked}
    owners = packages_distributions()
    missing = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in PACKAGE.rglob("*.py")
        for name in imported(path)
        if name not in sys.stdlib_module_names and name != "viralforge"
        if not declared & {plain(owner) for owner in owners.get(name, [])}
    }
    # psycopg_pool comes with psycopg[pool].
    assert {line for line in missing if not line.endswith("psycopg_pool")} == set()


def imported(path: Path) -> set[str]:
    """The top-level names of all that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plainly = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plainly | froms}


def plain(name: str) -> str:
    """A distribution's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
