"""From a page's tiles to what is shown of them: each question asked, none of them able to spoil the page."""

from __future__ import annotations

import logging
from typing import Any

from viralforge.errors import DatabaseUnavailable, ViralForgeError
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.keeper import Keeper, Kept
from viralforge.web.dashboard.shown import Shown, ShownFigure, figure, period_of, shown
from viralforge.web.dashboard.tiles import Page, Question, Rows, Tile

log = logging.getLogger("viralforge.web")


class Viewer:
    """Asks the warehouse what tiles and figures need."""

    def __init__(self, warehouse: DataWarehouse, keeper: Keeper | None) -> None:
        """Without a `keeper` all is worked out now."""
        self._warehouse, self._keeper = warehouse, keeper

    def tile(self, tile: Tile, asked: Asked) -> Shown:
        """A tile with its answer. Raises DatabaseUnavailable."""
        try:
            found = self.rows(tile, asked)
        except DatabaseUnavailable:
            raise
        except ViralForgeError as error:
            log.warning("a tile has no answer", extra={"tile": tile.name, "error": str(error)})
            return Shown(tile, fault=str(error), period=period_of(tile, asked))
        if found.rows is None:
            return Shown(tile, pending=True, period=period_of(tile, asked))
        return shown(tile, found.rows, asked, found.as_of)

    def rows(self, tile: Tile, asked: Asked) -> Kept:
        """The rows behind a tile."""
        return self._answered(tile.question, tile.question.given(asked))

    def _answered(self, question: Question, given: dict[str, Any]) -> Kept:
        if question.dear and self._keeper:
            return self._keeper.rows(question, given)
        return Kept(question.ask(self._warehouse, given))

    def tiles(self, page: Page, asked: Asked) -> list[Shown]:
        """Every tile of a page that this viewer may see."""
        return [self.tile(tile, asked) for tile in page.tiles if may_see(tile, asked)]

    def figures(self, page: Page, asked: Asked) -> list[ShownFigure]:
        """The figures of a page; the same question is asked once."""
        asked_before: dict[tuple[str, int], Kept] = {}

        def ask(question: Question, days: int) -> Rows | None:
            key = (question.name, days)
            if key not in asked_before:
                asked_before[key] = self._answered(question, question.given(asked) | {"days": days})
            return asked_before[key].rows

        return [
            figure(each, lambda days, each=each: ask(each.question, days), asked)  # type: ignore[misc]
            for each in page.figures
        ]


def may_see(tile: Tile, asked: Asked) -> bool:
    """Whether this viewer may see a tile: ids of users and names of keys are for who may do everything."""
    return asked.sees_users or tile.name not in {"furthest", "keys"}
