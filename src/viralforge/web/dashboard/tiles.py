"""What a page is made of: tiles, each a question to the warehouse and how its rows are shown."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args, get_type_hints

from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import Asked

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen of a question: `name` is the address's, `parameter` the question's.

    `options` are the values by what the address has for them, each with its text; `usual` is one of these.
    """

    name: str
    parameter: str
    label: str
    options: Mapping[str, tuple[Any, str]]
    usual: str

    def key(self, asked: Asked) -> str:
        """What is chosen, as the address has it."""
        return asked.choices.get(self.name, self.usual)

    def of(self, asked: Asked) -> Any:
        """What is chosen, as the question takes it."""
        return self.options[self.key(asked)][0]

    def links(self, asked: Asked) -> list[tuple[str, str, bool]]:
        """Each option: its text, the address's query with it, and whether it is chosen."""
        return [
            (text, asked.query(choices={**asked.choices, self.name: "" if key == self.usual else key}),
             key == self.key(asked))
            for key, (_value, text) in self.options.items()
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A method of one of the warehouse's subjects, and what it is asked with beside range, platform and zone.

    `skips` are those of the three that do not narrow it,
    though it has a parameter of that name. `choices` may be
    made of it by who looks. What is `dear` is shown as it was last answered,
    and asked anew behind the page's back.
    """

    subject: str
    method: str
    more: Mapping[str, Any] = field(default_factory=dict)
    skips: tuple[str, ...] = ()
    query: str = ""
    dear: bool = False
    choices: tuple[Choice, ...] = ()

    def ask(self, warehouse: DataWarehouse, given: Mapping[str, Any]) -> Rows:
        """The rows."""
        found: Rows = getattr(getattr(warehouse, self.subject), self.method)(**given)
        return found

    def given(self, asked: Asked) -> dict[str, Any]:
        """What it is asked with."""
        chosen = {each.parameter: each.of(asked) for each in self.choices}
        return {name: getattr(asked, name) for name in self.heeds} | dict(self.more) | chosen

    @property
    def name(self) -> str:
        """Subject and method."""
        return f"{self.subject}.{self.method}"

    @property
    def heeds(self) -> tuple[str, ...]:
        """Which of the page's range, platform and zone narrow it."""
        names = _parameters(self.subject, self.method)
        return tuple(
            each for each in ("days", "platform", "zone") if each in names and each not in self.skips
        )

    @property
    def row(self) -> type[Any]:
        """The type of its rows."""
        return _row(self.subject, self.method)

    @property
    def named(self) -> str:
        """The SQL query behind it, as `warehouse.sql_of` takes it."""
        return self.query or self.name


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what is above it, the field, and how its value is written (see `cells`).

    `link` names what the row's `link_field` is the id of; `bar` draws the value as a share of the largest.
    """

    label: str
    field: str
    kind: str = "text"
    link: str = ""
    link_field: str = "id"
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot over time: `kind` is lines, area (stacked) or columns.

    `y` are the fields, or the one whose values are split into a series for each value of `by`. `fill` is what
    a day without a row has: 0, or None for what is then unknown.
    """

    kind: str
    y: tuple[str, ...]
    by: str = ""
    x: str = "date"
    unit: str = "whole"
    fill: int | None = 0
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tile:
    """A question and how its answer is shown: as a plot with its table, a table, or a heat map of a week.

    `about` defines what is shown; `empty` says what to do where there is nothing; `period` is said where the
    page's range does not narrow it; `keep` leaves rows out. `admin` is for who may do everything, `of_users`
    for who may see users. `width` is 1 to 3 of three columns.
    """

    name: str
    title: str
    about: str
    question: Question
    columns: tuple[Column, ...] = ()
    chart: Chart | None = None
    heat: str = ""
    heat_kind: str = "whole"
    empty: str = "Nothing yet in this range: choose a longer one."
    period: str = ""
    width: int = 1
    rows_shown: int = 10
    keep: Callable[[Any], bool] | None = None
    admin: bool = False
    of_users: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its change against the period before, and how it went day by day.

    `value` makes it of the rows of some days (each with its `date`); None is unknown. `better` is up, down,
    or nothing where neither is.
    """

    name: str
    label: str
    about: str
    question: Question
    value: Callable[[Rows], Any]
    kind: str = "short"
    better: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: figures on top, tiles below."""

    name: str
    title: str
    intro: str
    figures: tuple[Figure, ...] = ()
    tiles: tuple[Tile, ...] = ()

    @property
    def path(self) -> str:
        """Where it is."""
        return "/" if self.name == "today" else f"/{self.name}"

    def tile(self, name: str) -> Tile | None:
        """The tile of this name."""
        return next((tile for tile in self.tiles if tile.name == name), None)


@cache
def _parameters(subject: str, method: str) -> frozenset[str]:
    return frozenset(inspect.signature(_method(subject, method)).parameters)


@cache
def _row(subject: str, method: str) -> type[Any]:
    hint = get_type_hints(_method(subject, method))["return"]
    row: type[Any] = get_args(hint)[0]
    return row


def _method(subject: str, method: str) -> Any:
    return getattr(get_type_hints(DataWarehouse)[subject], method)
