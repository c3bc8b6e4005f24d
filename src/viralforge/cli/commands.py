"""The command `viralforge`: runs what was asked and turns errors into one sentence and an exit code."""

from __future__ import annotations

import codecs
import gc
import logging
import sys
from io import TextIOWrapper
from typing import NoReturn

from viralforge.cli import (  # noqa: F401 - a module makes its commands when it is imported
    answers,
    archive,
    backup,
    costs,
    crews,
    demo,
    funnel,
    grants,
    intake,
    maintain,
    posthog,
    posts,
    privacy,
    query,
    recollect,
    report,
    scraping,
    server,
    terms,
    trends,
    upkeep,
)
from viralforge.cli.app import app
from viralforge.cli.figures import plain, words
from viralforge.errors import ViralForgeError


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits: 0 done, 1 failed, 2 wrongly called, 130 interrupted."""
    # A load makes millions of objects and hardly a cycle: looking for cycles less often saves much time.
    gc.set_threshold(100_000, 50, 100)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # what it tells of lost connections we say better
    codecs.register_error("viralforge.plain", plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="viralforge.plain")
    try:
        app(arguments, prog_name="viralforge")
    except ViralForgeError as error:
        _complain(str(error), getattr(error, "__notes__", ()))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        _complain(": ".join(filter(None, (error.strerror or str(error), str(error.filename or "")))))
    sys.exit(1)


def _complain(sentence: str, notes: object = ()) -> None:
    for text in (f"Error: {sentence}", *(notes if isinstance(notes, list) else ())):
        print(words(text), file=sys.stderr)  # noqa: T201 - the one place for errors
