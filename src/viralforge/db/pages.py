"""Pages of a view in any order: each goes on after the last row of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import sql

from viralforge.db.faults import faults_translated
from viralforge.db.pool import Database

_OPERATORS = {
    "eq": sql.SQL("{} = %s"), "gt": sql.SQL("{} > %s"), "gte": sql.SQL("{} >= %s"), "lt": sql.SQL("{} < %s"),
    "lte": sql.SQL("{} <= %s"), "has": sql.SQL("{} @> %s"),
    "words": sql.SQL("{} @@ websearch_to_tsquery('simple', %s)"),
}  # fmt: skip


class Condition(NamedTuple):
    """What a column must be: `operator` is eq, gt, gte, lt, lte, has of a list, or words of a tsvector."""

    column: str
    operator: str
    value: Any


class Order(NamedTuple):
    """A column to sort by, NULLs last; `nullable=False` promises that it has none: then an index serves.

    `plain` is one of these whose index is an ordinary one, read backwards: it says nothing of NULLs.
    """

    column: str
    descending: bool
    nullable: bool
    plain: bool = False


def page(
    database: Database, view: str, columns: Sequence[str], conditions: Sequence[Condition],
    order: Sequence[Order], after: Sequence[Any] | None, limit: int,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """The rows of `page_query`."""
    query, values = page_query(view, columns, conditions, order, after, limit)
    with faults_translated(), database.connection() as connection:
        return connection.execute(query, values).fetchall()


def count(database: Database, view: str, conditions: Sequence[Condition], order: Order, most: int) -> int:
    """The number of `count_query`."""
    query, values = count_query(view, conditions, order, most)
    with faults_translated(), database.connection() as connection:
        [(found,)] = connection.execute(query, values)
        return int(found)


def count_query(
    view: str, conditions: Sequence[Condition], order: Order, most: int
) -> tuple[sql.Composed, list[Any]]:
    """How many rows there are, counted up to `most` in `order`.

    In no order PostgreSQL would look for many rows anywhere, and find those of a range of time at the end.
    """
    values: list[Any] = [each.value for each in conditions]
    query = sql.SQL(
        "SELECT count(*) FROM (SELECT FROM {view} WHERE {wanted} ORDER BY {order} LIMIT %s) AS found"
    ).format(view=sql.Identifier("viralforge", view), wanted=_wanted(conditions), order=_direction(order))
    return query, [*values, most]


def page_query(
    view: str, columns: Sequence[str], conditions: Sequence[Condition], order: Sequence[Order],
    after: Sequence[Any] | None, limit: int,
) -> tuple[sql.Composed, list[Any]]:  # fmt: skip
    """At most `limit` rows after the one that had `after` in the columns of `order`, None for the first.

    The last columns of `order` must be unique together. Names are the caller's own, never a user's.
    """
    values: list[Any] = [each.value for each in conditions]
    wanted = _wanted(conditions)
    if after is not None:
        wanted += sql.SQL(" AND ") + _later(list(zip(order, after, strict=True)), values)
    query = sql.SQL("SELECT {columns} FROM {view} WHERE {wanted} ORDER BY {order} LIMIT %s").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        view=sql.Identifier("viralforge", view),
        wanted=wanted,
        order=sql.SQL(", ").join(map(_direction, order)),
    )
    return query, [*values, limit]


def _wanted(conditions: Sequence[Condition]) -> sql.Composed:
    parts = [_OPERATORS[each.operator].format(sql.Identifier(each.column)) for each in conditions]
    return sql.SQL(" AND ").join([sql.SQL("true"), *parts])


def _direction(order: Order) -> sql.Composed:
    way = sql.SQL("DESC" if order.descending else "ASC")
    nulls = sql.SQL("" if order.plain else " NULLS LAST")
    return sql.SQL("{} {}{}").format(sql.Identifier(order.column), way, nulls)


def _later(places: list[tuple[Order, Any]], values: list[Any]) -> sql.Composable:
    """What holds for the rows after a place; its values are added to `values` in their order."""
    if not places:
        return sql.SQL("false")
    (order, value), rest = places[0], places[1:]
    column, past = sql.Identifier(order.column), sql.SQL("<" if order.descending else ">")
    if value is None:
        return sql.SQL("({} IS NULL AND {})").format(column, _later(rest, values))
    if not order.nullable:  # the first comparison is what an index can begin at
        values += [value, value]
        return sql.SQL("({0} {1}= %s AND ({0} {1} %s OR {2}))").format(column, past, _later(rest, values))
    values += [value, value]
    return sql.SQL("({0} {1} %s OR {0} IS NULL OR ({0} = %s AND {2}))").format(
        column, past, _later(rest, values)
    )
