"""Where a database is, as it is written in many ways."""

from __future__ import annotations

from hashlib import sha256

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from viralforge.errors import ConfigurationError


def as_libpq(url: str) -> str:
    """The URL as libpq knows it, also of SQLAlchemy's `postgresql+driver://` and Heroku's `postgres://`.

    >>> as_libpq("postgresql+psycopg2://me@db/app")
    'postgresql://me@db/app'
    """
    scheme, separator, rest = url.partition("://")
    if not separator and "=" not in url:
        raise ConfigurationError(
            "DATABASE_URL: not a URL; write postgresql://user:password@host:5432/database"
        )
    if separator and scheme.partition("+")[0] not in ("postgres", "postgresql"):
        raise ConfigurationError(f"DATABASE_URL: {scheme}:// is not PostgreSQL; write postgresql://…")
    known = f"postgresql://{rest}" if separator else url
    try:
        found = conninfo_to_dict(known)
        # A password's own @ or / makes libpq take its rest for the server, and name that in errors.
        whole = "@" not in str(found.get("host")) and str(found.get("port", 0)).replace(",", "").isdigit()
    except ProgrammingError:
        whole = False
    if not whole:
        raise ConfigurationError(
            "DATABASE_URL: cannot be read. Is every special character of user and password %-encoded, "
            "and every parameter after the ? one that libpq knows?"
        )
    return known


def place_of(url: str) -> str:
    """A short name of the database, the same whoever connects to it with whatever password.

    >>> place_of("postgresql://me:secret@db/app") == place_of("postgresql://you@db:5432/app?sslmode=require")
    True
    """
    known = conninfo_to_dict(url)
    user = known.get("user", "")
    parts = (known.get("host", ""), known.get("port") or "5432", known.get("dbname") or user)
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
