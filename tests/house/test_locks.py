"""The locks answer to pyproject.toml, agree with each other, and name no place to fetch from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
TESTS = RUNTIME + PROJECT["project"]["optional-dependencies"]["frames"] + PROJECT["dependency-groups"]["test"]
LOCKS = ["requirements.txt", "requirements-test.txt"]
PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ;[^\\\n]*[^\\\n ])?((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", re.MULTILINE
)


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; one with several has one for each range of Pythons."""
    found: dict[str, set[str]] = {}
    for name, version, _hashes in PIN.findall((ROOT / lock).read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize(("lock", "wanted"), list(zip(LOCKS, [RUNTIME, TESTS], strict=True)))
def test_a_lock_pins_what_pyproject_asks_for_within_its_bounds(lock: str, wanted: list[str]) -> None:
    pinned = pins(lock)
    for line in wanted:
        requirement = Requirement(line)
        versions = pinned.get(requirement.name)
        assert versions, f"{lock} lacks {requirement.name}: run make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{line}: run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_no_line_says_where_to_fetch(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert [name for name, _version, hashes in PIN.findall(text) if not hashes] == []
    assert [line for line in text.splitlines() if "://" in line or line.startswith("--")] == []


def test_what_runs_is_what_was_tested() -> None:
    tested = pins("requirements-test.txt")
    assert {
        name: versions
        for name, versions in pins("requirements.txt").items()
        if tested.get(name, set()) != versions
    } == {}
