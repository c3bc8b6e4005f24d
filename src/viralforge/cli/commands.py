"""The command `viralforge`: runs what was asked and turns errors into one sentence and an exit code."""

from __future__ import annotations

import re
import sys
from io import TextIOWrapper
from typing import NoReturn

from viralforge.cli import (  # noqa: F401 - a module makes its commands when it is imported
    answers,
    crews,
    demo,
    funnel,
    intake,
    posts,
    query,
    scraping,
    trends,
    upkeep,
)
from viralforge.cli.app import app
from viralforge.cli.figures import words
from viralforge.errors import ViralForgeError

_PASSWORD = re.compile(r"(://[^:/?#\s]*:)\S+@|(password=)('[^']*'|\S+)", re.IGNORECASE)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits: 0 done, 1 failed, 2 wrongly called, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ? in place of a bar
    try:
        app(arguments, prog_name="viralforge")
    except ViralForgeError as error:
        _complain(str(error), getattr(error, "__notes__", ()))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        _complain(": ".join(filter(None, (error.strerror or str(error), str(error.filename or "")))))
    sys.exit(1)


def without_password(text: str) -> str:
    """The text with every password in a database's address masked.

    >>> without_password("postgresql://me:secret@db/app"), without_password("host=db password=secret")
    ('postgresql://me:***@db/app', 'host=db password=***')
    """
    return _PASSWORD.sub(lambda found: f"{found[1]}***@" if found[1] else f"{found[2]}***", text)


def _complain(sentence: str, notes: object = ()) -> None:
    for text in (f"Error: {sentence}", *(notes if isinstance(notes, list) else ())):
        print(words(without_password(text)), file=sys.stderr)  # noqa: T201 - the one place for errors
