"""A warehouse with something in every table, its backup, and what tells two of them apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection, sql

from tests.conftest import new_database, with_database
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

POSTS = 120
SALT = b"a salt of thirty-two bytes, drawn"
EMPTY_ON_PURPOSE = {"granted_roles", "ip_salts", "web_sessions"}
CATALOG = """
CREATE SCHEMA viralforge_lake;
CREATE TABLE viralforge_lake.iceberg_tables (
    catalog_name text, table_name text, metadata_location text, PRIMARY KEY (catalog_name, table_name));
INSERT INTO viralforge_lake.iceberg_tables VALUES ('viralforge', 'history', NULL);
"""
# What only parts of the house that the simulation leaves alone would write.
MORE = """
INSERT INTO ip_salts VALUES ('2020-02-02', %(salt)s) ON CONFLICT DO NOTHING;
INSERT INTO erasures (kind, key, reference, requested_at) VALUES ('user', 'gone', '\\x01', now());
INSERT INTO archive_debts (what, post_ids) VALUES ('posts', ARRAY[gen_random_uuid()]);
INSERT INTO sealed_traced VALUES ('2020-01-01', 1, 'clip_generation', 3);
INSERT INTO sealed_funnel VALUES ('2020-01-01', (SELECT min(id) FROM users), 's', 'trend_action', NULL,
    now());
INSERT INTO archive_steps (table_name, month, until, leaves, planned_at, changed_at)
VALUES ('history', '2020-01-01', '2020-02-01', 'nothing', now(), now());
INSERT INTO posthog_outbox (created_at, event_id) VALUES (now(), gen_random_uuid());
INSERT INTO granted_roles VALUES ('reader', 'some_reader');
INSERT INTO undated_files VALUES ('\\x02', now());
INSERT INTO undated_payloads SELECT id, '\\x03' FROM scraped_posts LIMIT 1;
INSERT INTO execution_keys VALUES (gen_random_uuid(), 1, gen_random_uuid(), now());
INSERT INTO scrape_job_posts SELECT id, 1, true FROM scraped_posts LIMIT 3;
INSERT INTO kept_answers VALUES ('viral', '{}', now(), '[]');
INSERT INTO prices (kind, name, valid_from, each_usd) VALUES ('tool', 'search', '2026-01-01', 0.005)
"""

_CHECKSUM = (
    "SELECT count(*), md5(coalesce(string_agg(row::text, E'\\n' ORDER BY row::text COLLATE \"C\"), ''))"
    " FROM {} AS row"
)


@pytest.fixture(scope="session")
def world(server_url: str, admin: Connection, template: str) -> Iterator[str]:
    """The name of a database with a simulated world over two months, and something in every table beside."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            fill(warehouse, posts=POSTS, days=35)
            warehouse.keys.sign_in(_key_id(warehouse), timedelta(hours=12))
            warehouse.erase_user("gone")
            warehouse.once("a-key", b"hash", lambda: {"id": 1})
            old = {"event_name": "trend_action", "event_type": "view", "created_at": "2019-03-04T05:06:07Z"}
            old |= {"user_agent": "Soup/1.0", "properties": {"trend_id": 1, "text": "a\tb\\.\n\\N ü"}}
            warehouse.track_events([old])
            text = "\\.\nCOPY a FROM stdin;\n"
            warehouse.save_scraped_post({"platform": "x", "externalId": "7", "description": text})
        with psycopg.connect(url, options="-c search_path=viralforge") as connection:
            connection.execute(CATALOG.encode())
            for statement in MORE.split(";\n"):
                connection.execute(statement.encode(), {"salt": SALT} if "%(" in statement else None)
        yield name


def _key_id(warehouse: DataWarehouse) -> int:
    warehouse.keys.create("of a test", ["read"])
    return warehouse.keys.all()[0].id


@pytest.fixture
def source_url(server_url: str, world: str, admin: Connection) -> Iterator[str]:
    """The URL of a copy of the world."""
    with new_database(admin, world) as name:
        yield with_database(server_url, name)


@pytest.fixture(scope="session")
def kept_backup(
    server_url: str, world: str, admin: Connection, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A backup of the world that no test changes."""
    folder = tmp_path_factory.mktemp("backups") / "kept"
    with new_database(admin, world) as name, DataWarehouse.open(with_database(server_url, name)) as warehouse:
        warehouse.backup(folder)
    return folder


@pytest.fixture
def backup(kept_backup: Path, tmp_path: Path) -> Path:
    """A copy of a backup of the world, to be damaged."""
    return Path(shutil.copytree(kept_backup, tmp_path / "backup"))


def rows_of(connection: Connection[Any]) -> dict[str, tuple[int, str]]:
    """How many rows every table has, and a checksum of all of them."""
    return _told(connection, "relkind IN ('r', 'p') AND NOT relispartition", _CHECKSUM)


def answers_of(connection: Connection[Any]) -> dict[str, tuple[int, str]]:
    """How many rows every view answers with, and a checksum of them."""
    return _told(connection, "relkind = 'v'", _CHECKSUM)


def definitions_of(connection: Connection[Any]) -> list[tuple[Any, ...]]:
    """Columns, constraints, indexes, views and functions, and who may run them."""
    return connection.execute(
        b"""SELECT c.relname, a.attname, format_type(atttypid, atttypmod), attnotnull, attidentity::text,
                   attgenerated::text
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'viralforge'::regnamespace AND attnum > 0 AND NOT attisdropped
            UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated,
                             '', ''
            FROM pg_constraint WHERE connamespace = 'viralforge'::regnamespace
            UNION ALL SELECT tablename, indexname, indexdef, true, '', ''
            FROM pg_indexes WHERE schemaname = 'viralforge'
            UNION ALL SELECT viewname, 'view', definition, true, '', ''
            FROM pg_views WHERE schemaname = 'viralforge'
            UNION ALL SELECT p.proname, 'function', pg_get_functiondef(p.oid), prosecdef,
                             has_function_privilege('public', p.oid, 'EXECUTE')::text, ''
            FROM pg_proc p WHERE pronamespace = 'viralforge'::regnamespace
            ORDER BY 1, 2, 3"""
    ).fetchall()


def _told(connection: Connection[Any], which: str, query: str) -> dict[str, tuple[int, str]]:
    connection.execute(
        "SELECT set_config('search_path', 'viralforge', false), set_config('timezone', 'UTC', false)"
    )
    found = connection.execute(
        f"""SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname IN ('viralforge', 'viralforge_lake') AND {which}""".encode()
    ).fetchall()
    return {
        name: connection.execute(sql.SQL(query).format(sql.Identifier(schema, name))).fetchone()
        for schema, name in found
    }  # type: ignore[misc]


def looked_at(url: str, look: Callable[[Connection[Any]], Any]) -> Any:
    """What there is to see in a database."""
    with psycopg.connect(url) as connection:
        return look(connection)
