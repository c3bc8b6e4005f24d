"""Moves what is old to the archive, in recorded steps: killed anywhere, the next run goes on from there.

planned → exporting → uploaded → verified → removed → done. Files are written and noted; they are read back,
and only if they hold what was written Iceberg gets them, in the place of what it had of that month; the rows
leave the database in the transaction that notes it, and only if they are still those that were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from viralforge.db.locks import SessionLocks
from viralforge.db.partitions import next_month
from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.db.stream import streamed
from viralforge.errors import (
    ArchiveError,
    ArchiveUnavailable,
    ConfigurationError,
    InvalidInput,
    ViralForgeError,
)  # fmt: skip
from viralforge.lifecycle.archive.files import Checks, FileWriter, checked, merged, read, written
from viralforge.lifecycle.archive.lake import Lake
from viralforge.lifecycle.archive.removal import Changed, Removal
from viralforge.lifecycle.archive.restoring import restore_month
from viralforge.lifecycle.archive.schemas import arrow_schema, known_table, month_in
from viralforge.lifecycle.archive.turns import LOCK, give_way, wait_for
from viralforge.lifecycle.due import Policy
from viralforge.model.cold import TABLES, ArchiveStep, ColdFile, ColdTable
from viralforge.store.rollups import RollupStore

QUERIES = Queries("lifecycle/archive")
POSTS_A_STEP = 50_000
FILES_A_MONTH = 8
"""More files than these of one month of posts are made one."""
_READ = {"posts": "read_posts", "history": "read_history", "events": "read_events", "calls": "read_calls"}
_ATTEMPTS = 3
Progress = Callable[[ArchiveStep], None]


@dataclass
class _Step:
    """A step under way."""

    id: int
    table: ColdTable
    month: date | None
    until: datetime
    state: str
    leaves: str
    attempt: UUID | None
    files: list[ColdFile]
    checks: dict[str, Checks]

    @property
    def values(self) -> dict[str, Any]:
        """What the queries that read its rows are asked with."""
        if self.month is None:
            return {"until": self.until, "rows": POSTS_A_STEP}
        return {"first": _start(self.month), "last": _start(next_month(self.month))}


class Archive:
    """The archive of one warehouse."""

    def __init__(self, database: Database, lake: Lake, policy: Policy, rollups: RollupStore) -> None:
        self.lake = lake
        self._database, self._policy, self._rollups = database, policy, rollups
        self._removal = Removal(database, lake)

    def steps(self, *, limit: int = 100) -> Rows[ArchiveStep]:
        """The steps so far, the latest first."""
        return self._database.rows(ArchiveStep, QUERIES["steps"], {"limit": limit})

    def run(self, progress: Progress = lambda _step: None) -> int | None:
        """Moves all that is due, what was begun first; says how many steps came to their end.

        None where another process is at it. Raises ArchiveError once the other steps are done,
        ArchiveUnavailable and ConfigurationError at once, with what went wrong noted in the step; nothing is
        lost by it.
        """
        with closing(SessionLocks(self._database.url)) as locks:
            if not locks.take(LOCK):
                return None
            if not any(True for _ in (*self._under_way(), *islice(self._policy.due(), 1))):
                return 0
            self.lake.require_own()
            self.lake.table("history")  # before anything is planned: is there an archive, and is it open?
            faults: list[ViralForgeError] = []
            done, stuck = self._walked(0, progress, faults), set[str]()
            for due in self._policy.due(stuck):
                give_way(locks)
                latest = self._database.value(QUERIES["latest_step"]) or 0
                is_planned = self._database.change(QUERIES["plan_step"], due.values())
                ended = self._walked(latest, progress, faults)
                done += ended
                if not (is_planned and ended):  # it failed, now or before
                    stuck.add(due.table)
            if faults:
                raise faults[0]
            return done

    def _walked(self, after: int, progress: Progress, faults: list[ViralForgeError]) -> int:
        """Takes the steps after one to their end, each whatever became of the others; of how many."""
        done = 0
        for step in self._under_way(after):
            try:
                done += self._walk(step, progress)
            except (ArchiveUnavailable, ConfigurationError):  # nor would the others get further
                raise
            except ViralForgeError as error:
                faults.append(error)
        return done

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else changes the archive; if so nobody does as long as the block lasts."""
        with closing(SessionLocks(self._database.url)) as locks:
            yield locks.take(LOCK)

    @contextmanager
    def held(self) -> Iterator[None]:
        """As long as the block lasts nobody else changes the archive, and no step is half done.

        Waits for who does, to the end of the step. What was written and not removed yet is finished, the rest
        will be written anew. Raises ArchiveUnavailable after a minute.
        """
        with closing(SessionLocks(self._database.url)) as locks:
            wait_for(locks)
            self.lake.require_own()
            self._database.change(QUERIES["plan_anew"])
            for step in self._under_way():
                if step.state != "planned":
                    self._walk(step, lambda _step: None)
            yield

    def _under_way(self, after: int = 0) -> Iterator[_Step]:
        while rows := self._database.read(QUERIES["next_step"], {"after": after}):
            after, name, month, until, state, leaves, attempt, files, checks = rows[0]
            known = [ColdFile(path, date.fromisoformat(of), n, size) for path, of, n, size in files or ()]
            yield _Step(after, TABLES[name], month, until, state, leaves, attempt, known, checks or {})

    def _walk(self, step: _Step, progress: Progress) -> bool:
        """Does all that is left of a step."""
        ways = {
            "planned": self._export, "exporting": self._export, "uploaded": self._verify,
            "verified": self._remove, "removed": self._settle,
        }  # fmt: skip
        changes = 0
        try:
            while step.state != "done":
                try:
                    ways[step.state](step)
                except Changed:
                    changes += 1
                    if changes == _ATTEMPTS:
                        raise
                    self._move(step, "planned")
                progress(self.steps(limit=1)[0])
        except Exception as error:
            with suppress(ViralForgeError):
                self._move(step, step.state, error=str(error)[:2_000])
            raise
        return True

    def _export(self, step: _Step) -> None:
        """Writes the rows into files of a new attempt, joined by what the archive has of that month."""
        attempt = uuid4()
        self._move(step, "exporting", attempt=attempt)
        step.attempt = attempt
        writer = FileWriter(self.lake, step.table, attempt)
        here = [] if step.month is None else self._files_of(step.table, step.month)
        if here:
            with self._hot(step) as hot:
                step.checks = {"hot": checked(hot)}
            with self._hot(step) as hot:
                cold = read(self.lake, step.table, here)
                step.checks["cold"] = written(writer, merged({"hot": hot, "cold": cold}, step.table))
        else:
            with self._hot(step) as hot:
                found = written(writer, hot)
            step.checks = {"hot": found, "cold": found}
        step.files = writer.files
        size = self._policy.bytes_of(step.table, step.month)
        self._move(step, "uploaded", files=step.files, checks=step.checks, hot_bytes=size)

    def _verify(self, step: _Step) -> None:
        """Reads the files back, and puts them in the place of what the archive had of that month."""
        ours = [file.path for file in step.files]
        try:
            found = checked(read(self.lake, step.table, ours))
        except ArchiveError:
            self._move(step, "planned")
            raise
        if found != step.checks["cold"]:
            self._move(step, "planned")
            raise ArchiveError(
                f"what was read back of {step.table.name} is not what was written; it stays in the database "
                "and is written again"
            )
        here = [] if step.month is None else self._files_of(step.table, step.month)
        self.lake.replace(step.table.name, set(here) - set(ours), step.files)
        self._move(step, "verified")

    def _remove(self, step: _Step) -> None:
        """Takes out of the database what is in the archive now."""

        def still_the_same() -> bool:
            with self._hot(step) as hot:
                return checked(hot) == step.checks["hot"]

        self._rollups.fold()
        noted = self._noted(step, "removed")
        if step.month is None:
            self._removal.posts(step.files)
            self._move(step, "removed")
        elif step.table.name == "calls":
            self._removal.calls(step.files, noted)
        else:
            self._removal.month(step.table, step.month, step.leaves, still_the_same, noted)
        step.state = "removed"

    def _settle(self, step: _Step) -> None:
        """What follows: rollups, and files that nobody needs any more."""
        self._rollups.fold()
        if step.month is None:
            self.compact(step.table)
        if step.files:
            self.lake.expire(step.table.name)
            self.lake.sweep(step.table.name)
        self._move(step, "done")

    def compact(self, table: ColdTable, most: int = FILES_A_MONTH) -> int:
        """Makes one file of each month that has more than `most`; says of how many months."""
        months: dict[date, list[str]] = {}
        for file in self.lake.files(table.name):
            months.setdefault(month_in(file), []).append(file.file_path)
        crowded = [paths for _month, paths in sorted(months.items()) if len(paths) > most]
        for paths in crowded:
            writer = FileWriter(self.lake, table, uuid4())
            nothing = arrow_schema(table).empty_table().to_reader()
            rows = merged({"hot": nothing, "cold": read(self.lake, table, paths)}, table)
            expected = written(writer, rows)
            if checked(read(self.lake, table, [file.path for file in writer.files])) != expected:
                raise ArchiveError(
                    f"{table.name}: what was read back is not what was written; all stays as it was"
                )
            self.lake.replace(table.name, paths, writer.files)
        return len(crowded)

    def restore(self, name: str, month: date | None = None) -> int:
        """Brings a month of a table back, or (None) all there are; says how many rows were missing.

        They stay for 30 days, and as long as the settings keep them. Raises InvalidInput where the archive
        has none.
        """
        table = known_table(name)
        with self.alone() as is_alone:
            if not is_alone:
                raise ArchiveUnavailable("another process is at the archive; try again when it is done")
            months: dict[date, list[str]] = {}
            for file in self.lake.files(name):
                months.setdefault(month_in(file), []).append(file.file_path)
            if month is not None and month not in months:
                raise InvalidInput(f"the archive has no {name} of {month:%Y-%m}")
            wanted = sorted(months) if month is None else [month]
            return sum(restore_month(self._database, self.lake, table, each, months[each]) for each in wanted)

    def _hot(self, step: _Step) -> Any:
        query = QUERIES[_READ[step.table.name]]
        return streamed(self._database, query, step.values, arrow_schema(step.table))

    def _files_of(self, table: ColdTable, month: date) -> list[str]:
        return [file.file_path for file in self.lake.files(table.name) if month_in(file) == month]

    def _move(self, step: _Step, state: str, **more: Any) -> None:
        self._noted(step, state, **more)(self._database)
        step.state = state

    def _noted(self, step: _Step, state: str, **more: Any) -> Callable[[Any], None]:
        """Notes a step's state through a database, or within a transaction."""
        given = dict.fromkeys(("attempt", "files", "checks", "rows", "bytes", "hot_bytes", "error")) | more
        if given["files"] is not None:
            files: list[ColdFile] = given["files"]
            given["rows"], given["bytes"] = (
                sum(file.rows for file in files),
                sum(file.bytes for file in files),
            )
            given["files"] = Jsonb([[file.path, file.month.isoformat(), *file[2:]] for file in files])
        if given["checks"] is not None:
            given["checks"] = Jsonb(given["checks"])
        given |= {"id": step.id, "state": state, "was": step.state, "held": step.attempt}

        def note(through: Any) -> None:
            if isinstance(through, Database):
                moved = through.change(QUERIES["move_step"], given)
            else:
                moved = through.execute(QUERIES["move_step"], given).rowcount
            if not moved:
                raise ArchiveError("another process has gone on with this step: the lock was lost here")

        return note


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)
