"""What the commands print: tables for a person, tab-separated rows for a pipe, or one JSON document."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from viralforge.cli.figures import bar, tags, words

if TYPE_CHECKING:
    from rich.text import Text

_PIPE_WIDTH = 100
_GAP = "  "
_NARROWEST = 6


class Column(NamedTuple):
    """A column: `of` is the attribute of a row, or a function of it; `show` makes text for a person of it.

    In a narrow terminal columns with `cut` give way down to so many characters, then every `plot` goes, then
    what is `spare`, then these columns give way further; one that `keeps_end` is cut in front. In a pipe
    stands no plot, and nothing is cut.
    """

    heading: str
    of: str | Callable[[Any], Any]
    show: Callable[[Any], str] = words
    cut: int = 0
    plot: bool = False
    spare: bool = False
    keeps_end: bool = False

    def value(self, row: Any) -> Any:
        """What stands in a row."""
        return getattr(row, self.of) if isinstance(self.of, str) else self.of(row)

    @property
    def to_the_right(self) -> bool:
        """Whether its cells line up at their right ends, as numbers do."""
        return self.show not in (words, tags) and not self.plot and not self.cut


def is_terminal() -> bool:
    """Whether a person watches standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def table(rows: Sequence[Any], columns: Sequence[Column], *, report: bool = False) -> None:
    """Prints rows: fitted to the terminal, or whole and tab-separated in a pipe unless it is a `report`."""
    if not is_terminal() and not report:
        shown = [column for column in columns if not column.plot]
        write("\t".join(column.heading for column in shown) + "\n")
        write("".join("\t".join(exact(column.value(row)) for column in shown) + "\n" for row in rows))
        return
    without = [column for column in columns if not column.plot]
    few = [column for column in without if not column.spare]
    narrow = [column._replace(cut=min(column.cut, _NARROWEST)) for column in few]
    for chosen in (columns, without, few, narrow):
        cells = [[column.show(column.value(row)) for column in chosen] for row in rows]
        if widths := _widths(cells, chosen):
            heading = _line([column.heading for column in chosen], widths, chosen, heading=True)
            _print([heading, *(_line(row, widths, chosen) for row in cells)])
            return
    _records(rows, without)


def bars(of: str | Callable[[Any], Any], rows: Sequence[Any], width: int = 12) -> Column:
    """A column of bars, the longest for the greatest value in these rows."""
    column = Column("", of, plot=True)
    most = max((found for row in rows if (found := column.value(row)) is not None), default=0)
    return column._replace(show=lambda value: bar(value, most, width))


def section(title: str) -> None:
    """Prints the title of what follows."""
    from rich.text import Text

    _print([Text(), Text(title, style="bold")])


def sections(
    found: Mapping[Any, Any], titles: Mapping[Any, str], show: Callable[[Any, Any], None], *, in_json: bool,
    nothing: str,
) -> bool:  # fmt: skip
    """Prints one kind of rows, or several, each under its title; whether people got anything to see.

    `found` has the rows by kind, members of a StrEnum; `nothing` is said where there are none.
    """
    alone = len(found) == 1
    if in_json:
        documents = {kind.value: rows.to_dicts() for kind, rows in found.items()}
        json(next(iter(documents.values())) if alone else documents)
        return False
    if not any(map(len, found.values())):
        say(nothing)
        return False
    for kind, rows in found.items():
        if not alone:
            section(titles[kind])
        show(kind, rows)
    return True


def line(text: str = "") -> None:
    """Prints a line of our own words."""
    from rich.text import Text

    _print([Text(text)])


def prose(text: str) -> None:
    """Prints a sentence, broken into lines where a terminal is narrow."""
    from textwrap import fill

    line(fill(text, width(), break_long_words=False, break_on_hyphens=False) if is_terminal() else text)


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Prints names and what they are, one a line."""
    from rich.text import Text

    found = list(pairs)
    wide = max((len(name) for name, _ in found), default=0)
    _print([Text.assemble((f"{name:<{wide}}", "dim"), _GAP, value) for name, value in found])


def say(text: str) -> None:
    """Tells a person something beside the output, on standard error."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def json(document: Any) -> None:
    """Prints one JSON document: Decimals as exact numbers, moments in UTC with a Z, ids as text.

    On a terminal, what it would obey or not show stands escaped.
    """
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    json_text(orjson.dumps(document, default=_in_json, option=options).decode())


def json_text(piece: str) -> None:
    """Prints a piece of JSON that is written already, escaped on a terminal as `json` does."""
    write("\n".join(map(_escaped, piece.split("\n"))) if is_terminal() else piece)


def as_json(rows: Any, wanted: bool) -> bool:
    """Prints rows as a JSON list of objects where that is wanted; whether it was."""
    if wanted:
        json(rows.to_dicts())
    return wanted


def exact(value: Any) -> str:
    """A value in full on one line; nothing for None.

    >>> exact(Decimal("1E+3")), exact(None), exact(datetime(2026, 3, 1, tzinfo=UTC)), exact("a\\tb")
    ('1000', '', '2026-03-01T00:00:00Z', 'a b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
    if isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict | list) for item in value)
    ):
        import orjson

        return words(orjson.dumps(value, default=_in_json).decode())
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    return words(value) if value != [] else ""


def width() -> int:
    """The columns there are to write in."""
    return shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if is_terminal() else _asked_width()


def write(text: str) -> None:
    """Writes to standard output; ends quietly where its reader has gone."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer would be tried again, and complained of, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(0) from None
        raise


def _escaped(line: str) -> str:
    """A line of JSON that means the same, with every control and invisible character as \\uXXXX.

    >>> _escaped('"soup\x9b31m\u202e"'), _escaped('"\U000e0041"')
    ('"soup\\\\u009b31m\\\\u202e"', '"\\\\udb40\\\\udc41"')
    """
    if line.isprintable():
        return line
    units = (letter if letter.isprintable() else letter.encode("utf-16-be").hex() for letter in line)
    return "".join(
        unit if len(unit) == 1 else "".join(f"\\u{unit[at : at + 4]}" for at in range(0, len(unit), 4))
        for unit in units
    )


def _asked_width() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) > 0 else _PIPE_WIDTH


def _in_json(value: Any) -> Any:
    import orjson

    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}") if value.is_finite() else None
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | set):
        return list(value)
    return str(value)


def _print(lines: Sequence[Text]) -> None:
    from rich.console import Console

    # An empty NO_COLOR means nothing; rich itself would still print bold text.
    plain = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    console = Console(width=10**6, highlight=False, markup=False, emoji=False, **plain)  # type: ignore[arg-type]
    with console.capture() as captured:
        for each in lines:
            each.rstrip()
            console.print(each, no_wrap=True, overflow="ignore", crop=False)
    write(captured.get())


def _widths(cells: list[list[str]], columns: Sequence[Column]) -> list[int] | None:
    """How wide each column is; None where the terminal is too narrow for them."""
    from rich.cells import cell_len

    wanted = [max(map(cell_len, each)) for each in zip([c.heading for c in columns], *cells, strict=True)]
    over = sum(wanted) + len(_GAP) * (len(wanted) - 1) - width()
    while over > 0:
        spare = [wanted[at] - column.cut if column.cut else 0 for at, column in enumerate(columns)]
        if max(spare) <= 0:
            return None
        wanted[spare.index(max(spare))] -= 1
        over -= 1
    return wanted


def _line(
    cells: Sequence[str], widths: list[int], columns: Sequence[Column], *, heading: bool = False
) -> Text:
    from rich.cells import cell_len
    from rich.text import Text

    found = Text()
    for at, (cell, wide, column) in enumerate(zip(cells, widths, columns, strict=True)):
        if at:
            found.append(_GAP)
        if cell_len(cell) > wide:
            cell = _cut(cell, wide, column.keeps_end)
        space = " " * (wide - cell_len(cell))
        style = "dim" if heading else "cyan" if column.plot else ""
        found.append(space + cell if column.to_the_right else cell + space, style=style)
    return found


def _cut(cell: str, wide: int, keeps_end: bool) -> str:
    from rich.cells import set_cell_size

    if keeps_end:
        return "…" + set_cell_size(cell[::-1], wide - 1).rstrip()[::-1]
    return set_cell_size(cell, wide - 1).rstrip() + "…"


def _records(rows: Sequence[Any], columns: Sequence[Column]) -> None:
    """Prints rows that are too wide for a line, one value a line."""
    for number, row in enumerate(rows):
        if number:
            line()
        facts((column.heading, column.show(column.value(row))) for column in columns)
