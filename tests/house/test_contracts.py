"""The import contracts hold, and each of them bites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code to break."""
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_are_kept() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("db/queries.py", "viralforge.store.posts", "A floor imports only from the floors below it"),
        ("sources/pick.py", "viralforge.db.rows", "A floor imports only from the floors below it"),
        ("analytics/posts.py", "viralforge.store.posts", "A floor imports only from the floors below it"),
        ("db/queries.py", "viralforge.model.post", "PostgreSQL mechanics know no post"),
        ("cli/output.py", "viralforge.db.rows", "The doors reach data through DataWarehouse only"),
        ("cli/output.py", "viralforge.store.posts", "The doors reach data through DataWarehouse only"),
        ("model/ids.py", "psycopg", "What things are, and how payloads are read, touch no database"),
        ("sources/pick.py", "sqlalchemy", "What things are, and how payloads are read, touch no database"),
    ],
)
def test_an_import_that_a_contract_forbids_is_found(
    copy: Path, module: str, imports: str, contract: str
) -> None:
    broken = copy / "src" / "viralforge" / module
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\nimport {imports}\n", encoding="utf-8")
    checked = lint_imports(copy)
    assert checked.returncode == 1, checked.stdout
    assert f"{contract} BROKEN" in checked.stdout


def test_a_module_on_no_floor_is_found(copy: Path) -> None:
    (copy / "src" / "viralforge" / "cellar.py").write_text('"""On no floor."""\n', encoding="utf-8")
    assert lint_imports(copy).returncode == 1


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the code under `root`."""
    run = (
        "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    )
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", run],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
