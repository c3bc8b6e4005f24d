"""A contest: everybody does the same work once a round, in turn; medians count, and ratios of them."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Bar:
    """What is asked for: the rate of `ours` divided by that of `rival` is at least `least`; None: no bar."""

    ours: str
    rival: str
    least: float | None = None


class Line(NamedTuple):
    """A line of the one table: what was measured, of whom against whom, and what is asked of the ratio."""

    what: str
    ours: str
    rival: str
    ratio: float
    bar: str
    met: bool | None


def table(lines: Iterable[Line]) -> None:
    """Prints the one table."""
    print("\n| what | ours | rival | ratio | bar | met |\n|---|---|---|---|---|---|")
    for what, ours, rival, ratio, bar, met in lines:
        said = "–" if met is None else "yes" if met else "no"
        print(f"| {what} | {ours} | {rival} | {ratio:.2f} | {bar} | {said} |")


@dataclass
class Contest:
    """Contestants by name, each a function that does its work and says its rate; the higher the better.

    What is not timed (making databases, fixtures) a contestant does before it starts its own clock.
    """

    bench: str
    rows: int
    unit: str = "rows/s"
    bars: list[Bar] = field(default_factory=list)
    rounds: int = 3
    _all: dict[str, Callable[[], float]] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def enter(self, name: str, work: Callable[[], float]) -> None:
        """Adds a contestant."""
        self._all[name] = work
        self.rates[name] = []

    def hold(self) -> None:
        """Runs every contestant once a round."""
        for number in range(self.rounds):
            for name, work in self._all.items():
                print(f"{self.bench}: round {number + 1} of {self.rounds}: {name} …", end="", file=sys.stderr)
                rate = work()
                self.rates[name].append(rate)
                print(f" {rate:,.0f} {self.unit}", file=sys.stderr, flush=True)

    def median(self, name: str) -> float:
        """The middle rate of a contestant."""
        return statistics.median(self.rates[name])

    def ratio(self, bar: Bar) -> float:
        """How much faster ours is."""
        return self.median(bar.ours) / self.median(bar.rival)

    def document(self) -> dict[str, object]:
        """The outcome as JSON takes it."""
        ours = {bar.ours for bar in self.bars}
        return {
            "bench": self.bench, "rows": self.rows, "unit": self.unit,
            "ours": {name: round(self.median(name), 1) for name in self.rates if name in ours},
            "rivals": {name: round(self.median(name), 1) for name in self.rates if name not in ours},
            "ratios": {f"{bar.ours} / {bar.rival}": round(self.ratio(bar), 3) for bar in self.bars},
            "runs": {name: [round(rate, 1) for rate in rates] for name, rates in self.rates.items()},
        }  # fmt: skip

    def lines(self) -> list[Line]:
        """A line for every bar."""
        found = []
        for bar in self.bars:
            ratio = self.ratio(bar)
            ours, rival = (f"{name}: {self.median(name):,.0f} {self.unit}" for name in (bar.ours, bar.rival))
            asked = "–" if bar.least is None else f"≥ {bar.least:g}"
            found.append(
                Line(self.bench, ours, rival, ratio, asked, None if bar.least is None else ratio >= bar.least)
            )
        return found
