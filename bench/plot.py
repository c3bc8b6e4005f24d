"""Plots of results that `--json` gave: `python -m bench.plot reads OUT.svg FILE…`, or `growth`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "viralforge"
from matplotlib import pyplot  # noqa: E402  (the backend is chosen first)

_LOOKS = {"ours": ("#0b6e4f", "o"), "DuckDB": ("#d08c00", "s"), "chDB": ("#8a3ffc", "^")}


def reads(results: list[dict[str, Any]], out: Path) -> None:
    """Every question on a line: milliseconds on a logarithmic scale, one field for each size."""
    names = [name for name in results[0]["ours"] if "worked out" not in name][::-1]
    figure, fields = pyplot.subplots(1, len(results), sharey=True, figsize=(5 + 4 * len(results), 8))
    for axes, result in zip(fields if len(results) > 1 else [fields], results, strict=True):
        for who, (colour, mark) in _LOOKS.items():
            spent = result["ours"] if who == "ours" else result["rivals"][who]
            known = [(spent[name], place) for place, name in enumerate(names) if name in spent]
            axes.scatter(*zip(*known, strict=True), color=colour, marker=mark, label=who, zorder=3)
        axes.axvline(10, color="grey", linestyle=":", linewidth=1)
        axes.set(xscale="log", xlabel="milliseconds at the median", title=f"{result['rows']:,} posts")
        axes.set_yticks(range(len(names)), names)
        axes.grid(axis="both", alpha=0.3)
        axes.legend(loc="lower right")
    figure.savefig(out, bbox_inches="tight", metadata={"Date": None})


def growth(results: list[dict[str, Any]], out: Path) -> None:
    """What a post costs, by the posts that are there already: time, and what is written ahead."""
    steps = [step for result in results for step in result["ours"].values()]
    figure, (time, wal) = pyplot.subplots(1, 2, figsize=(10, 4))
    for axes, kind, unit in ((time, "us", "µs a post"), (wal, "wal", "bytes of WAL a post")):
        for what, colour, mark in (("new", "#0b6e4f", "o"), ("again", "#d08c00", "s")):
            label = "new" if what == "new" else "seen again"
            sizes = [step["rows"] for step in steps]
            axes.plot(
                sizes, [step[f"{what}_{kind}"] for step in steps], color=colour, marker=mark, label=label
            )
        axes.set(xscale="log", xlabel="posts in the table", ylabel=unit, ylim=(0, None))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(out, bbox_inches="tight", metadata={"Date": None})


if __name__ == "__main__":
    kind, out, *files = sys.argv[1:]
    {"reads": reads, "growth": growth}[kind](
        [json.loads(Path(each).read_text()) for each in files], Path(out)
    )
