"""What every test shares: the real payloads, and a PostgreSQL with one fresh database a test."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import Connection, sql

from viralforge.db import embedded
from viralforge.db.migrate import migrate
from viralforge.db.partitions import Months
from viralforge.db.pool import Database
from viralforge.db.urls import as_libpq
from viralforge.warehouse import DataWarehouse

# Nothing here outlives a test run, so the server need not write safely, only fast.
UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}
T = TypeVar("T")
pytest.register_assert_rewrite(
    *(f"tests.store.{name}" for name in ("reading", "oracle", "plain", "crowd")), "tests.lifecycle.old"
)
TESTS = Path(__file__).parent
OUTSIDE = (
    "integrations/",
    "lifecycle/",
    "web/clients/",
    "web/dashboard/",
    "web/pages/",
    "web/posthog/",
    "web/script/",
)
"""Where other people's software is met (browsers, Node, S3, PostHog's libraries); dashboard and archive."""
APART = (
    "lifecycle/backups/",
    "lifecycle/erasures/",
    "lifecycle/s3/",
    "lifecycle/test_archive_",
    "lifecycle/test_cold",
    "lifecycle/test_forgetting",
)
"""Where nothing depends on the server's version that does not elsewhere."""
DOORS = ("cli/", "house/", "web/")
"""Where nothing is asked of PostgreSQL that other tests do not ask."""
_numbers = count(1)


# What a shell runs in the background ignores interrupts, and so would all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stress", action="store_true", help="minutes of load and dozens of kills: make stress")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test by what it meets, for `-m outside`, `-m database` and `-m stress` to choose."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        folder = item.path.relative_to(TESTS).as_posix()
        is_outside = folder.startswith(OUTSIDE)
        if is_outside:
            item.add_marker("outside")
        is_of_the_lifecycle = folder.startswith("lifecycle/") and not folder.startswith(APART)
        if "server_url" in fixtures and (is_of_the_lifecycle or not (is_outside or folder.startswith(DOORS))):
            item.add_marker("database")
        if "stress" in fixtures:
            item.add_marker("stress")
            if config.getoption("stress"):
                item.add_marker(pytest.mark.timeout(1_200))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Says what each test under stress did."""
    if not config.getoption("stress"):
        return
    terminalreporter.section("what was done")
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.when == "call":
            terminalreporter.write_line(f"{report.head_line}: {report.outcome} in {report.duration:.0f} s")
            for key, said in report.user_properties:
                if key == "stress":
                    terminalreporter.write_line(f"    {said}")


class Stress:
    """How much a test does, short as in the whole suite or in full, and what it tells of that."""

    def __init__(self, node: Any) -> None:
        self.full = bool(node.config.getoption("stress"))
        self._told: list[tuple[str, object]] = node.user_properties

    def measure(self, short: T, full: T) -> T:
        return full if self.full else short

    def tell(self, said: str) -> None:
        self._told.append(("stress", said))


@pytest.fixture
def stress(request: pytest.FixtureRequest) -> Stress:
    """The measure of this run; whoever takes it is run in full by `make stress`."""
    return Stress(request.node)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real payloads, beside the project or named by VIRALFORGE_SHARED."""
    folder = Path(os.environ.get("VIRALFORGE_SHARED") or Path(__file__).parents[2] / "shared")
    if not (folder / "data" / "MANIFEST.md").is_file():
        pytest.skip(f"real payloads are not here: no data/MANIFEST.md under {folder}; set VIRALFORGE_SHARED")
    return folder


@pytest.fixture(scope="session")
def fast_disk() -> Path:
    """Where test servers keep their data: in memory where there is room, else with other temporary files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 1024**3
    return memory if roomy else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def short_dir(fast_disk: Path) -> Iterator[Path]:
    """A directory with a short path that other accounts can enter: pytest's own is closed to them."""
    directory = Path(tempfile.mkdtemp(prefix="vf-", dir=fast_disk))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def nothing_of_the_users(short_dir: Path) -> Iterator[None]:
    """Keeps the tests away from the warehouses of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("VIRALFORGE_DATABASE_URL", raising=False)
        patch.delenv("PYTHONUNBUFFERED", raising=False)  # would hide what happens to output held back
        patch.setenv("VIRALFORGE_DATA_DIR", str(short_dir / "user"))
        yield


@pytest.fixture(scope="session")
def server_url(short_dir: Path) -> Iterator[str]:
    """A PostgreSQL whose user may create databases: VIRALFORGE_TEST_DATABASE_URL, else an embedded one."""
    if given := os.environ.get("VIRALFORGE_TEST_DATABASE_URL"):
        yield as_libpq(given)
        return
    with embedded.start(short_dir, settings=UNSAFE) as server:
        yield server.url


@pytest.fixture(scope="session")
def admin(server_url: str) -> Iterator[Connection]:
    """A connection that creates and drops databases."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def role_names(admin: Connection) -> Iterator[list[str]]:
    """Names of roles that tests make: dropped once the databases are gone whose objects they own."""
    found: list[str] = []
    yield found
    for name in found:
        admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def template(server_url: str, admin: Connection) -> Iterator[str]:
    """The name of a migrated database with its months made ahead, which every test's own is a copy of."""
    with new_database(admin) as name:
        database = Database.open(with_database(server_url, name))
        migrate(database)
        Months(database).ensure_ahead()
        database.close()
        yield name


@pytest.fixture
def database_url(server_url: str, admin: Connection, template: str) -> Iterator[str]:
    """The URL of a migrated database of this test's own."""
    with new_database(admin, template) as name:
        yield with_database(server_url, name)


@pytest.fixture
def empty_database_url(server_url: str, admin: Connection) -> Iterator[str]:
    """The URL of a database of this test's own with nothing in it."""
    with new_database(admin) as name:
        yield with_database(server_url, name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of this test's own."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@contextmanager
def new_database(admin: Connection, template: str = "template0") -> Iterator[str]:
    """The name of a new database, dropped afterwards whoever is still connected to it."""
    name = f"viralforge_test_{os.getpid()}_{next(_numbers)}"
    parts = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    make = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy ENCODING 'UTF8'"
    admin.execute(sql.SQL(make).format(**parts))
    try:
        yield name
    finally:
        admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**parts))


def with_database(url: str, name: str) -> str:
    """The URL with another database in it."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture
def warehouse(database_url: str) -> Iterator[DataWarehouse]:
    """A warehouse in a migrated database of this test's own."""
    with DataWarehouse.open(database_url) as opened:
        yield opened
