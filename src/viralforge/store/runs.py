"""Runs that recorders tell of, fact by fact: the same fact again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.types.json import Jsonb

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.model import values
from viralforge.model.fact import CallMade, Collected, RunEnded, RunStarted
from viralforge.model.post import METRICS, ScrapedPost
from viralforge.store.users import known_users, users_kept

QUERIES = Queries("store/runs")
SILENCE = timedelta(minutes=15)
"""A recorder tells every half minute that it is there; a database may be away for a while."""
_TOLD = (
    *METRICS, "title", "description", "author", "published_at", "thumbnail_url", "duration_seconds",
    "hashtags",
)  # fmt: skip
"""Fields of which it is counted how many of a job's posts do not tell them."""
LONGEST = timedelta(hours=24)
"""After this long a run that was logged by hand and never ended is no longer believed to go on."""


class RunStore:
    """Writes facts about runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, starts: Sequence[RunStarted], calls: Sequence[CallMade], ends: Sequence[RunEnded]) -> None:
        """Stores what happened in one transaction, and counts the figures of these runs anew."""

        def work(connection: Connection[Any]) -> None:
            for start in starts:
                with users_kept():
                    connection.execute(QUERIES["note_run"], _started(connection, start))
            if calls:
                rows = orjson.dumps([call.model_dump() for call in calls], default=str).decode()
                connection.execute(QUERIES["note_calls"], {"rows": rows})
            for end in ends:
                given = end.model_dump()
                if end.output_data is not None:
                    given["output_data"] = values.json_text(end.output_data)[0]
                connection.execute(QUERIES["note_end"], given)
            runs = {start.key for start in starts}
            runs |= {call.run for call in calls} | {end.run for end in ends}
            _count_up(connection, sorted(runs))

        self._database.write(work)

    def note_roots(self, roots: Sequence[RunStarted]) -> None:
        """Stores what the roots of traces say of their runs; a run that is not there is none of agents."""

        def work(connection: Connection[Any]) -> None:
            for root in roots:
                connection.execute(QUERIES["note_root"], root.model_dump())

        self._database.write(work)

    def note_job(self, job: Collected) -> int:
        """Stores an act of collecting without its posts; says its id."""

        def work(connection: Connection[Any]) -> int:
            given = job.model_dump(exclude={"payload", "niche", "seen_at"})
            connection.execute(QUERIES["note_job"], given)
            return int(connection.execute(QUERIES["job_of"], given).fetchone()[0])  # type: ignore[index]

        return self._database.write(work)

    def note_posts(
        self, job: int, run: UUID | None, posts: Sequence[ScrapedPost], rejected: int,
        rejected_shapes: Mapping[str, int],
    ) -> None:  # fmt: skip
        """Stores which posts a job brought, once they are in the warehouse, and counts its figures."""
        seen = {post.id: post for post in posts}
        unknown = {name: sum(getattr(post, name) is None for post in seen.values()) for name in _TOLD}
        given = {
            "job": job, "ids": list(seen), "seen": [post.observed_at for post in seen.values()],
            "rejected": rejected, "unknown_fields": Jsonb(unknown),
            "rejected_shapes": Jsonb(dict(rejected_shapes)),
        }  # fmt: skip

        def work(connection: Connection[Any]) -> None:
            connection.execute(QUERIES["note_job_posts"], given)
            connection.execute(QUERIES["note_job_result"], given)
            _count_up(connection, [run] if run else [])

        self._database.write(work)

    def count_up(self, run: UUID) -> None:
        """Counts the figures of a run anew."""
        self._database.write(lambda connection: _count_up(connection, [run]))

    def still_here(self, runs: Iterable[UUID]) -> None:
        """Tells that these runs go on."""
        self._database.change(QUERIES["still_here"], {"runs": list(runs)})

    def execution_of(self, run: UUID) -> int | None:
        """The id of a run's execution; None where it is not stored."""
        found = self._database.value(QUERIES["execution_of"], {"run": run})
        return None if found is None else int(found)

    def posts_of(self, execution: int, limit: int) -> list[UUID]:
        """The posts that an execution collected, the latest first."""
        found = self._database.read(QUERIES["posts_of_run"], {"execution": execution, "limit": limit})
        return [row[0] for row in found]

    def spent_today(self, crew_types: Sequence[str]) -> dict[str, Decimal]:
        """What the executions of each crew type that began today (UTC) have cost so far, in USD."""
        given = {"crew_types": list(crew_types)}
        return dict.fromkeys(crew_types, Decimal(0)) | dict(
            self._database.read(QUERIES["spent_today"], given)
        )

    def sweep(self, recorders: Sequence[UUID] = ()) -> int:
        """Marks what nobody can end any more as stale; says how many runs that were."""
        swept = self._database.change(QUERIES["sweep_recorders"], {"recorders": list(recorders)})
        return swept + self._database.change(
            QUERIES["sweep_silent"], {"silence": SILENCE, "longest": LONGEST}
        )


def _started(connection: Connection[Any], start: RunStarted) -> dict[str, Any]:
    given = start.model_dump()
    for name in ("platforms", "niches"):
        given[name] = None if given[name] is None else list(given[name])
    if known_users(connection, [start.user_id]):
        given["user_id"] = None
    return given


def _count_up(connection: Connection[Any], runs: Sequence[UUID]) -> None:
    connection.execute(QUERIES["hold_runs"], {"runs": list(runs)})
    connection.execute(QUERIES["count_up"], {"runs": list(runs)})
