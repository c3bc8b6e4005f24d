"""Upkeep from the command line: jobs, retention, and what is said when there is nothing to do."""

from __future__ import annotations

import re

from tests.cli.conftest import Run


def test_a_plan_says_how_often_each_job_is_to_be_done(run: Run, empty_world: str) -> None:
    said = run("maintain", "--plan").out
    assert re.search(r"^retention +1 day +now$", said, re.MULTILINE)
    assert re.search(r"^evict answers +10 minutes +now$", said, re.MULTILINE)
    every = {row["name"]: row["every"] for row in run("maintain", "--plan", "--json").document}
    assert every["retention"] == 86_400


def test_a_job_that_only_some_have_says_what_has_it(run: Run, empty_world: str) -> None:
    settings = {"recollect": "VIRALFORGE_FETCHERS", "keep to terms": "VIRALFORGE_ENFORCE_TERMS=true"}
    for job, setting in settings.items():
        refused = run("maintain", job)
        assert refused.code != 0 and setting in refused.err
    assert "there are look for the database, fold rollups" in run("maintain", "fold").err


def test_what_pg_cron_takes_over_is_told_in_json_too(run: Run, empty_world: str) -> None:
    assert run("maintain", "--pg-cron", "--json").document["sql"] == run("maintain", "--pg-cron").out


def test_only_what_was_done_is_told(run: Run, empty_world: str) -> None:
    assert "retention" in run("maintain").out
    again = run("maintain")
    assert (again.out, "Nothing is due." in again.err) == ("", True)


def test_an_archive_is_adopted_only_by_who_says_so(run: Run, empty_world: str) -> None:
    refused = run("archive", "adopt")
    assert (refused.code, "say --yes" in refused.err) == (1, True)
    nothing = run("archive", "adopt", "--yes")
    assert (nothing.code, "nothing was archived yet" in nothing.err) == (1, True)


def test_retention_without_anything_due_says_so_alone(run: Run, empty_world: str) -> None:
    assert run("retention", "--plan").out == ""
    assert "Nothing is older than it may be." in run("retention", "--plan").err
