"""From rows to what a template shows: tables, series over time, the heat map of a week, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from viralforge import figures
from viralforge.errors import CutShort, ViralForgeError
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.cells import Cell, attributes, cell, path_of
from viralforge.web.dashboard.tiles import Chart, Column, Figure, Rows, Tile

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES = 5
MOST_SERIES = 6
_SPARK_WIDTH, _SPARK_HEIGHT = 120, 28


@dataclass(frozen=True, slots=True)
class Table:
    """What stands above columns, and rows of cells."""

    heads: list[Cell]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Heat:
    """A week by weekday and hour: for each cell its text, its exact value and its shade (0 to 5)."""

    rows: list[tuple[str, list[tuple[str, str, int]]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A tile with its answer; `pending` while that is being worked out, `fault` where it cannot be.

    Where that takes too long, it `is_late`.
    """

    tile: Tile
    rows: Rows = ()
    table: Table | None = None
    heat: Heat | None = None
    as_of: datetime | None = None
    pending: bool = False
    fault: str = ""
    is_late: bool = False
    period: str = ""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure: its value, the change against the period before (None: unknown), and its course."""

    figure: Figure
    value: Cell
    change: Cell | None
    tone: str = ""
    spark: str = ""
    pending: bool = False
    period: str = ""


def shown(tile: Tile, rows: Rows, asked: Asked, as_of: datetime | None) -> Shown:
    """A tile and its rows as they are shown."""
    table = heat = None
    if tile.keep is not None:
        rows = [row for row in rows if tile.keep(row)]
    if tile.heat:
        heat = _heat(rows, tile.heat, tile.heat_kind) if rows else None
    elif tile.chart:
        table = series_table(rows, tile.chart, asked) if rows else None
    elif rows:
        table = rows_table(rows[: tile.rows_shown], tile.columns, asked)
    return Shown(tile, rows, table, heat, as_of, period=period_of(tile, asked))


def period_of(tile: Tile, asked: Asked) -> str:
    """What of the page's filters a tile does not heed, in words."""
    said = [tile.period] if tile.period else []
    if asked.platform and "platform" not in tile.question.heeds:
        said.append("every platform")
    return ", ".join(said)


def rows_table(rows: Rows, columns: Sequence[Column], asked: Asked) -> Table:
    """One row a row, each value as its column writes it."""
    found = [attributes(row) for row in rows]
    most = {
        column.field: max((float(row[column.field] or 0) for row in found), default=0)
        for column in columns if column.bar
    }  # fmt: skip
    query = asked.query()

    def written(row: Any, column: Column) -> Cell:
        value = row[column.field]
        href = path_of(column.link, row[column.link_field], query) if column.link else ""
        if column.kind == "post":
            return cell(value or row["external_id"], "post", href)
        share = None
        if column.bar and value is not None and most[column.field] > 0:
            share = max(0.0, float(value) / most[column.field])
        return cell(value, column.kind, href, share)

    heads = [Cell(column.kind, column.label, column.field) for column in columns]
    return Table(heads, [[written(row, column) for column in columns] for row in found])


def series_table(rows: Rows, chart: Chart, asked: Asked) -> Table:
    """One row a day, one column a series; the largest series by themselves, the rest together."""
    values: dict[date, dict[str, Any]] = defaultdict(dict)
    totals: dict[str, Any] = defaultdict(int)
    for row in rows:
        given = attributes(row)
        for name in chart.y:
            series = str(given[chart.by]) if chart.by else name
            value = given[name]
            if value is not None:
                day = values[given[chart.x]]
                day[series] = day.get(series, 0) + value
                totals[series] += value
    names = sorted(totals, key=lambda name: (-totals[name], name)) if chart.by else list(chart.y)
    if len(names) > MOST_SERIES:
        _gather(values, names[MOST_SERIES - 1 :])
        names = [*names[: MOST_SERIES - 1], "others"]
    heads = [Cell("day", "day", chart.x)] + [
        Cell(chart.unit, chart.names.get(name, name), name) for name in names
    ]
    lines = [
        [cell(day, "day"), *(cell(values[day].get(name, chart.fill), chart.unit) for name in names)]
        for day in _days(values, asked)
    ]
    return Table(heads, lines)


def _gather(values: dict[date, dict[str, Any]], names: Sequence[str]) -> None:
    for day in values.values():
        rest = [day.pop(name) for name in names if name in day]
        if rest:
            day["others"] = sum(rest)


def _days(values: dict[date, dict[str, Any]], asked: Asked) -> list[date]:
    """Every day of the range, and of all time from the first that has something."""
    last = datetime.now(UTC).date()
    first = min(last, *values) if not asked.compares else last - timedelta(days=asked.days - 1)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _heat(rows: Rows, name: str, kind: str) -> Heat:
    found = {(row.weekday, row.hour): value for row in rows if (value := getattr(row, name)) is not None}
    most = max(map(float, found.values()), default=0)

    def one(value: Any) -> tuple[str, str, int]:
        if value is None:
            return (figures.UNKNOWN, "", 0)
        written = cell(value, kind)
        shade = min(_SHADES, int(float(value) / most * _SHADES) + 1) if most and value else 0
        return (written.text, written.value, shade)

    return Heat([
        (weekday, [one(found.get((number, hour))) for hour in range(24)])
        for number, weekday in enumerate(WEEKDAYS, 1)
    ])  # fmt: skip


def figure(wanted: Figure, rows: Rows | None, asked: Asked) -> ShownFigure:
    """A figure of the range, of rows that are of the one before it too; None: not worked out yet."""
    if rows is None:
        return no_figure(wanted, "…", pending=True)
    today = datetime.now(UTC).date()
    start = today - timedelta(days=asked.days - 1) if asked.compares else date.min
    by_day: dict[date, list[Any]] = defaultdict(list)
    for row in rows:
        if row.date <= today:
            by_day[row.date].append(row)
    now = [row for row in rows if start <= row.date <= today]
    before = [row for row in rows if row.date < start]
    value, change = wanted.value(now), None
    if asked.compares and before and value is not None:
        was = wanted.value(before)
        change = None if not was else Decimal(value) / Decimal(was) - 1
    first = max(start, min(by_day, default=today))
    course = [
        wanted.value(by_day.get(first + timedelta(days=at), [])) for at in range((today - first).days + 1)
    ]
    return ShownFigure(
        wanted, cell(value, wanted.kind), None if change is None else cell(change, "change"),
        _tone(change, wanted.better), spark(course),
        period="every platform" if asked.platform and "platform" not in wanted.question.heeds else "",
    )  # fmt: skip


def no_figure(
    wanted: Figure, text: str, error: ViralForgeError | None = None, *, pending: bool = False
) -> ShownFigure:
    """A figure that is not known."""
    said = "took too long" if isinstance(error, CutShort) else ""
    return ShownFigure(wanted, cell(text, "text"), None, pending=pending, period=said)


def _tone(change: Decimal | None, better: str) -> str:
    if change is None or not better or abs(change) < Decimal("0.0005"):
        return ""
    return "good" if (change > 0) == (better == "up") else "bad"


def spark(values: Sequence[Any]) -> str:
    """The points of a small line from 0 up, as SVG takes them; nothing for fewer than two known values.

    >>> spark([0, 5, 10])
    '0.0,27.0 60.0,14.0 120.0,1.0'
    """
    known = [(number, float(value)) for number, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    most = max(value for _, value in known) or 1
    step, high = _SPARK_WIDTH / (len(values) - 1), _SPARK_HEIGHT - 2
    return " ".join(f"{number * step:.1f},{1 + high * (1 - value / most):.1f}" for number, value in known)
