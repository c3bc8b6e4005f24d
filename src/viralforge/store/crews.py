"""Runs of crews and the calls in them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import orjson
from psycopg import Connection, errors

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import UnknownRecord, WarehouseError
from viralforge.model import values
from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges
from viralforge.store.users import known_users, users_kept

QUERIES = Queries("store/crews")
_AT_ONCE = 5_000


class CrewStore:
    """Writes executions and calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log(self, execution: CrewExecution) -> int:
        """Stores an execution; says its id."""

        def work(connection: Connection[Any]) -> int:
            given = _given(connection, execution)
            with users_kept():
                return int(connection.execute(QUERIES["log_execution"], given).fetchone()[0])  # type: ignore[index]

        return self._database.write(work)

    def update(self, execution_id: int, changes: ExecutionChanges) -> None:
        """Changes what is given. Raises UnknownRecord."""

        def work(connection: Connection[Any]) -> int:
            given = _given(connection, changes) | {"id": values.record_id(execution_id, "execution_id")}
            with users_kept():
                return connection.execute(QUERIES["update_execution"], given).rowcount

        if not self._database.write(work):
            raise UnknownRecord(f"no execution with id {execution_id}; log it first")

    def log_calls(self, calls: Iterable[CrewCall]) -> int:
        """Stores calls, a batch in one transaction; says how many. Raises UnknownRecord."""
        given, written = iter(calls), 0
        while some := list(islice(given, _AT_ONCE)):
            rows = orjson.dumps([call.model_dump() for call in some], default=str).decode()
            try:
                written += self._database.change(QUERIES["log_calls"], {"rows": rows})
            except WarehouseError as error:
                if not isinstance(error.__cause__, errors.ForeignKeyViolation):
                    raise
                said = error.__cause__.diag.message_detail
                raise UnknownRecord(f"{said} Log the execution before its calls") from None
        return written


def _given(connection: Connection[Any], found: CrewExecution | ExecutionChanges) -> dict[str, Any]:
    given = found.model_dump()
    for name in ("platforms", "niches"):
        given[name] = None if given[name] is None else list(given[name])
    if given["output_data"] is not None:
        given["output_data"] = values.json_text(given["output_data"])[0]
    if known_users(connection, [given["user_id"]]):
        given["user_id"] = None
    return given
