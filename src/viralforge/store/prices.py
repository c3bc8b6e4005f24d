"""The user's own prices, and the costs of calls that were made before they were known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import UnknownRecord
from viralforge.model.price import OwnPrice, Price

QUERIES = Queries("store/prices")
_AT_ONCE = 5_000


class StoredPrice(NamedTuple):
    """A price in USD as it is stored; None where it has no part in its kind of price."""

    id: int
    kind: str
    name: str
    provider: str | None
    valid_from: date
    valid_until: date | None
    input_usd: Decimal | None
    output_usd: Decimal | None
    cached_usd: Decimal | None
    cache_write_usd: Decimal | None
    each_usd: Decimal | None


class PricedCall(NamedTuple):
    """What the price of a call depends on."""

    execution: int
    id: int
    kind: str
    name: str
    provider: str | None
    model: str
    started_at: datetime
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    tokens_cache_write: int | None
    from_cache: bool
    ok: bool


class PriceStore:
    """Writes prices, and costs by them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, price: OwnPrice) -> int:
        """Stores a price, in place of the one of the same thing from the same day; says its id."""
        return int(self._database.value(QUERIES["set_price"], price.model_dump()))

    def stored(self) -> Rows[StoredPrice]:
        """All prices."""
        return self._database.rows(StoredPrice, QUERIES["all_prices"])

    def all(self) -> list[OwnPrice]:
        """All prices, to work with."""
        return [
            OwnPrice.read({k: v for k, v in each._asdict().items() if k != "id"}) for each in self.stored()
        ]

    def drop(self, price_id: int) -> None:
        """Forgets a price. Raises UnknownRecord."""
        if not self._database.change(QUERIES["drop_price"], {"id": price_id}):
            raise UnknownRecord(f"no price with id {price_id}")

    def reprice(self, since: datetime, price_of: Callable[[PricedCall], Price]) -> tuple[int, int]:
        """Works out the cost of every call since then anew; says how many were looked at, and changed."""
        looked_at = changed = after = 0
        while True:
            given = {"after": after, "since": since, "limit": _AT_ONCE}
            calls = [PricedCall(*row) for row in self._database.read(QUERIES["calls_to_price"], given)]
            if not calls:
                return looked_at, changed
            after = calls[-1].id
            looked_at += len(calls)
            priced = [(call, price_of(call)) for call in calls]
            # Where no price is known any more, what was worked out by the one that was stays.
            changed += self._repriced([(call, price) for call, price in priced if price.usd is not None])

    def _repriced(self, priced: list[tuple[PricedCall, Price]]) -> int:
        rows = orjson.dumps([
            {"execution": call.execution, "id": call.id, "usd": price.usd, "source": price.source}
            for call, price in priced
        ], default=str).decode()  # fmt: skip
        executions = sorted({call.execution for call, _price in priced})

        def work(connection: Connection[Any]) -> int:
            changed = connection.execute(QUERIES["reprice"], {"rows": rows}).rowcount
            connection.execute(QUERIES["recost"], {"executions": executions})
            return changed

        return self._database.write(work)
