"""Posts of authors who were erased: turned away, whatever they come with."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import Connection

from viralforge.db.queries import Queries
from viralforge.errors import InvalidPost
from viralforge.store import stage
from viralforge.store.stage import Row

QUERIES = Queries("store/posts")
REASON = "author_erased"


class Admitted(NamedTuple):
    """The rows that may come in, with the hashes of their payloads, and how many may not."""

    rows: list[Row]
    hashes: list[bytes | None]
    refused: int


def admitted(connection: Connection[Any], rows: list[Row], hashes: list[bytes | None]) -> Admitted:
    """The rows without those of erased authors; one look a batch as long as nobody was erased."""
    if connection.execute(QUERIES["has_erased_authors"]).fetchone() != (True,):
        return Admitted(rows, hashes, 0)
    authors = list({_author(row) for row in rows})
    platforms, ids, names = map(list, zip(*authors, strict=True))
    given = {"platforms": platforms, "ids": ids, "names": names}
    erased = {authors[place] for (place,) in connection.execute(QUERIES["erased_authors"], given)}
    kept = [at for at, row in enumerate(rows) if _author(row) not in erased]
    return Admitted([rows[at] for at in kept], [hashes[at] for at in kept], len(rows) - len(kept))


def refusal() -> InvalidPost:
    """What is said of one post that may not come in; it names nobody."""
    return InvalidPost(REASON, "its author was erased from this warehouse; nothing of the post is kept")


def _author(row: Row) -> tuple[str, str | None, str | None]:
    return row[stage.PLATFORM], row[stage.AUTHOR_ID], row[stage.AUTHOR]
