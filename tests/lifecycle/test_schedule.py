"""Jobs: done when they are due, by one process at a time, noted, and tried again after a failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from viralforge.errors import WarehouseError
from viralforge.lifecycle.schedule import Job, Jobs
from viralforge.warehouse import DataWarehouse

HOUR = timedelta(hours=1)


@pytest.fixture
def elsewhere(warehouse: DataWarehouse) -> Iterator[Jobs]:
    """The same jobs in what might be another process: a connection of its own holds its locks."""
    with DataWarehouse.open(warehouse.url) as other:
        yield other.jobs
        other.jobs.close()


def clock(warehouse: DataWarehouse, ago: timedelta) -> None:
    """Lets all that was noted have been so long ago."""
    warehouse.sql("UPDATE job_runs SET started_at = started_at - %s, ended_at = ended_at - %s", [ago, ago])


def test_a_job_is_done_when_it_is_due_and_noted(warehouse: DataWarehouse) -> None:
    done: list[int] = []
    job = Job("count", HOUR, lambda: done.append(1))
    outcomes = [warehouse.jobs.do(job).outcome for _ in range(3)]
    clock(warehouse, timedelta(minutes=50))
    outcomes.append(warehouse.jobs.do(job).outcome)
    clock(warehouse, timedelta(minutes=10))
    outcomes.append(warehouse.jobs.do(job).outcome)
    assert outcomes == ["done", "not due", "not due", "not due", "done"]
    assert len(done) == 2
    assert [(run.name, run.ok) for run in warehouse.system.jobs()] == [("count", True)]


def test_what_was_done_elsewhere_is_not_due_here(warehouse: DataWarehouse, elsewhere: Jobs) -> None:
    done: list[int] = []
    job = Job("count", HOUR, lambda: done.append(1))
    assert elsewhere.do(job).outcome == "done"
    assert warehouse.jobs.do(job).outcome == "not due"


def test_no_two_do_a_job_at_a_time(warehouse: DataWarehouse, elsewhere: Jobs) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(20)

    job = Job("long", HOUR, work)
    thread = threading.Thread(target=elsewhere.do, args=[job])
    thread.start()
    assert begun.wait(20)
    assert warehouse.jobs.do(job, anyway=True).outcome == "under way elsewhere"
    assert elsewhere.do(job, anyway=True).outcome == "under way elsewhere"
    may_end.set()
    thread.join()
    assert warehouse.jobs.do(job, anyway=True).outcome == "done"


def test_a_job_that_failed_is_noted_and_tried_again_soon(warehouse: DataWarehouse) -> None:
    def fail() -> None:
        raise WarehouseError("the disk is on strike")

    job = Job("fail", HOUR, fail)
    assert warehouse.jobs.do(job) == ("fail", "failed", "the disk is on strike")
    assert not warehouse.jobs.is_due(job)
    clock(warehouse, timedelta(minutes=6))
    assert warehouse.jobs.is_due(job)
    assert [(run.ok, run.error) for run in warehouse.system.jobs()] == [(False, "the disk is on strike")]


def test_a_fault_of_ours_ends_no_schedule(warehouse: DataWarehouse) -> None:
    def broken() -> None:
        raise ZeroDivisionError("nobody expects it")

    said = warehouse.jobs.do(Job("broken", HOUR, broken))
    assert said.outcome == "failed" and said.error == "ZeroDivisionError: nobody expects it"


def test_a_schedule_does_what_is_due_at_once(warehouse: DataWarehouse) -> None:
    done = threading.Event()
    with warehouse.jobs.scheduled([Job("count", HOUR, done.set)]):
        assert done.wait(20)
