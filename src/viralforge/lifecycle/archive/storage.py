"""Where the archive's files lie: a folder or an S3, and what can go wrong there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from viralforge.db.faults import translated
from viralforge.errors import (
    ArchiveError,
    ArchiveUnavailable,
    ConfigurationError,
    MissingExtra,
    ViralForgeError,
)  # fmt: skip
from viralforge.settings import Settings

_WRONG = {
    "AccessDenied": "the keys may not do this there",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key is wrong", "NoSuchBucket": "there is no such bucket; create it",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "ACCESS_DENIED": "the keys are wrong, or may not do this there",
    "NO_SUCH_BUCKET": "there is no such bucket; create it",
    "SIGNATURE_DOES_NOT_MATCH": "the secret key is wrong",
    "INVALID_ACCESS_KEY_ID": "the access key is not known there",
    "REQUEST_TIME_TOO_SKEWED": "this machine's clock is wrong; set it",
}  # fmt: skip


def s3_properties(settings: Settings) -> dict[str, str]:
    """How Iceberg reaches an S3 by the settings; a key that is not set is looked for where AWS's tools do."""
    secret = settings.archive_s3_secret_key
    given = {
        "s3.endpoint": settings.archive_s3_endpoint, "s3.region": settings.archive_s3_region,
        "s3.access-key-id": settings.archive_s3_access_key,
        "s3.secret-access-key": secret and secret.get_secret_value(),
        "s3.connect-timeout": "5", "s3.request-timeout": "60",
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def file_io(url: str, settings: Settings) -> Any:
    """How Iceberg, through pyarrow, reaches a folder or an S3. Raises MissingExtra."""
    need_lake()
    from pyiceberg.io import load_file_io

    return load_file_io(s3_properties(settings), url)


def need_lake() -> None:
    """Raises MissingExtra unless all that the archive needs is installed."""
    for package in ("pyarrow", "pyiceberg", "duckdb", "adbc_driver_postgresql"):
        if find_spec(package) is None:
            raise MissingExtra(package, "lake")


@contextmanager
def archive_faults(url: str) -> Iterator[None]:
    """Raises our errors in place of those of the storage and of Iceberg."""
    need_lake()
    from psycopg import Error
    from pyiceberg import exceptions
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:  # of the catalog
        raise (
            translated(error.orig) if isinstance(error.orig, Error) else ArchiveError(str(error))
        ) from error
    except (OSError, exceptions.ServerError, exceptions.RESTError) as error:
        said = " ".join(str(error).split())
        for code, meaning in _WRONG.items():
            if code in said:
                raise ConfigurationError(f"the archive at {url}: {meaning} ({said[:200]})") from error
        hope = "Nothing is lost: what was begun goes on when it is back"
        if isinstance(error, FileNotFoundError) or "No such file" in said:
            hope = "Mount its disk, or put it back; viralforge archive adopt goes on without what is lost"
        raise ArchiveUnavailable(f"the archive at {url} cannot be used now: {said[:300]}. {hope}") from error
    except ViralForgeError:
        raise
    except Exception as error:
        if not (isinstance(error, ValueError) or type(error).__module__ == exceptions.__name__):
            raise
        raise ArchiveError(f"the archive at {url}: {error}") from error
