"""From a page's tiles to what is shown of them: each question asked, none of them able to spoil the page."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from viralforge.errors import CutShort, DatabaseUnavailable, ViralForgeError
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import PATIENCE_SECONDS, Keeper, Kept
from viralforge.web.dashboard.limits import plainly
from viralforge.web.dashboard.shown import Shown, ShownFigure, figure, no_figure, period_of, shown
from viralforge.web.dashboard.tiles import Page, Question, Tile

log = logging.getLogger("viralforge.web")
T = TypeVar("T")


class Viewer:
    """Asks the warehouse what the tiles and figures of one page need."""

    def __init__(self, warehouse: DataWarehouse, keeper: Keeper | None) -> None:
        """Without a `keeper` all is worked out now."""
        self._warehouse, self._keeper = warehouse, keeper
        self._until = time.monotonic() + PATIENCE_SECONDS

    def begin(self, page: Page, asked: Asked) -> None:
        """Begins what takes long, all at once, so that a page waits for the longest only."""
        if self._keeper is None:
            return
        questions = [
            (tile.question, tile.question.given(asked)) for tile in page.tiles if may_see(tile, asked)
        ]
        questions += [(each.question, _twice(each.question, asked)) for each in page.figures]
        for question, given in questions:
            if question.dear:
                with suppress(ViralForgeError):  # it is told where the tile would stand
                    self._keeper.rows(question, given, until=0)

    def tile(self, tile: Tile, asked: Asked) -> Shown:
        """A tile with its answer. Raises DatabaseUnavailable."""

        def faulty(error: ViralForgeError) -> Shown:
            late = isinstance(error, CutShort)
            return Shown(tile, fault=plainly(error), is_late=late, period=period_of(tile, asked))

        def asked_for() -> Shown:
            found = self.rows(tile, asked)
            if found.rows is None:
                return Shown(tile, pending=True, period=period_of(tile, asked))
            return shown(tile, found.rows, asked, found.as_of)

        return or_else(asked_for, faulty, tile.name)

    def rows(self, tile: Tile, asked: Asked) -> Kept:
        """The rows behind a tile."""
        return self._answered(tile.question, tile.question.given(asked))

    def _answered(self, question: Question, given: dict[str, Any]) -> Kept:
        if question.dear and self._keeper:
            return self._keeper.rows(question, given, self._until)
        return Kept(question.ask(self._warehouse, given))

    def tiles(self, page: Page, asked: Asked) -> list[Shown]:
        """Every tile of a page that this viewer may see."""
        return [self.tile(tile, asked) for tile in page.tiles if may_see(tile, asked)]

    def figures(self, page: Page, asked: Asked) -> list[ShownFigure]:
        """The figures of a page; the same question is asked once."""
        answered: dict[str, Kept] = {}

        def of(question: Question) -> Kept:
            if question.name not in answered:
                answered[question.name] = self._answered(question, _twice(question, asked))
            return answered[question.name]

        return [
            or_else(
                lambda each=each: figure(each, of(each.question).rows, asked),  # type: ignore[misc]
                lambda error, each=each: no_figure(each, "–", error), each.name,  # type: ignore[misc]
            )
            for each in page.figures
        ]  # fmt: skip


def or_else(ask: Callable[[], T], otherwise: Callable[[ViralForgeError], T], what: str) -> T:
    """What is asked for, or what stands in its place where it cannot be had. Raises DatabaseUnavailable."""
    try:
        return ask()
    except DatabaseUnavailable:
        raise
    except ViralForgeError as error:
        log.warning("no answer", extra={"what": what, "error": str(error)})
        return otherwise(error)


def _twice(question: Question, asked: Asked) -> dict[str, Any]:
    """What a figure asks: the range and the one before it; of all time there is none before."""
    return question.given(asked) | {"days": asked.days * 2 if asked.compares else asked.days}


def may_see(tile: Tile, asked: Asked) -> bool:
    """Whether this viewer may see a tile."""
    return (asked.is_admin or not tile.admin) and (asked.sees_users or not tile.of_users)
