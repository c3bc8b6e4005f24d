"""Nothing in the project names the place where it was made, or where its packages are fetched from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSED_OVER = re.compile(
    r"/(\.git|\.venv|node_modules|\.hypothesis|__pycache__|dist|build|[^/]*_cache|[^/]*\.egg-info)(/|$)"
)
# Written so that this file passes its own test.
WORDS = re.compile(
    r"py[p]i\.|pythonhoste[d]|npmj[s]|deb\.debia[n]|/wor[k]/|/opt/(?:whee|py)|\.librar[y]\b|/tmp/v[f]\b"
    r"|shared/(?:hook|prob|desig|wareh)|\bissues? (?:#|no\. ?)?\d|\bCE[O]\b",
    re.IGNORECASE,
)


def test_no_file_names_the_workplace() -> None:
    found = []
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if word := WORDS.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {word.group()}")
    assert found == []


@pytest.mark.parametrize("word", ["py" + "pi.org", "/wor" + "k/main", "issue" + " 12", "issue" + " #3"])
def test_a_word_of_the_workplace_is_found(word: str) -> None:
    assert WORDS.search(f"see {word} for more")


def files() -> list[Path]:
    """Every file of the project that holds text."""
    ours = [path for path in ROOT.rglob("*") if not PASSED_OVER.search(f"/{path.relative_to(ROOT)}")]
    return [path for path in ours if path.is_file() and b"\0" not in path.read_bytes()[:1000]]
