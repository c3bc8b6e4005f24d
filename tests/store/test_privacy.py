"""What is kept of who and where somebody is, through every door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from tests.store.reading import everything
from viralforge.db.pool import Database
from viralforge.errors import ConfigurationError
from viralforge.model.event import AppEvent
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)
ADDRESS = "81.2.69.142"
EVENT = {"event_name": "page_viewed", "event_type": "view", "user_id": "u1", "session_id": "s1"}
TELLING = {
    "$ip": ADDRESS, "IP-Address": ADDRESS, "plan": "pro", "$set": {"$geoip_city_name": ADDRESS},
    "hops": [{"x-forwarded-for": ADDRESS}],
}  # fmt: skip
ALL = b"""
SELECT user_id, ip_hash IS NOT NULL, country, properties FROM viralforge.app_events
ORDER BY created_at, event_id
"""
CLOCK = b"SELECT set_config('viralforge.now', %(now)s, false)"
KEPT = b"""
SELECT (SELECT count(*) FROM viralforge.ip_salts WHERE day <= '2026-03-02'),
       (SELECT count(ip_hash) FROM viralforge.app_events)
"""


def by_verb(warehouse: DataWarehouse, event: dict) -> None:
    warehouse.track_event(event)


def by_import(warehouse: DataWarehouse, event: dict) -> None:
    warehouse.track_events([event])


def by_batch(warehouse: DataWarehouse, event: dict) -> None:
    with warehouse.events.batch() as batch:
        batch.track(event)


def by_spool(warehouse: DataWarehouse, event: dict) -> None:
    line = orjson.dumps(warehouse.events.prepare(AppEvent.read(event)))
    assert ADDRESS.encode() not in line
    assert warehouse.events.insert([orjson.loads(line)]) == 1
    assert warehouse.events.insert([orjson.loads(line)]) == 0


doors = pytest.mark.parametrize("door", [by_verb, by_import, by_batch, by_spool])


@doors
def test_an_address_leaves_a_country_and_a_hash_and_is_itself_written_nowhere(door, warehouse, database):
    door(warehouse, EVENT | {"ip_address": ADDRESS, "properties": TELLING})
    kept = {"plan": "pro", "$set": {}, "hops": [{}]}
    assert database.read(ALL) == [("u1", True, "GB", kept)]
    assert ADDRESS not in everything(database)


@doors
def test_do_not_track_leaves_no_user_no_hash_and_no_name(door, warehouse, database) -> None:
    properties = {"distinct_id": "u1", "$set": {"email": "u1"}, "plan": "pro"}
    door(warehouse, EVENT | {"doNotTrack": True, "ip_address": ADDRESS, "properties": properties})
    assert database.read(ALL) == [(None, False, "GB", {"plan": "pro"})]
    assert database.read(b"SELECT FROM viralforge.users") == []


@doors
@pytest.mark.parametrize("why", ["refuses", "erased"])
def test_who_refuses_or_was_erased_is_named_in_nothing_that_comes_later(
    door, why, warehouse, database
) -> None:
    user = "somebody-7"
    warehouse.add_user(user, analytics=False)
    if why == "erased":
        warehouse.erase_user(user)
    named = {"properties": {"distinct_id": user, "$set": {"email": user}, "plan": "pro"}, "user_id": user}
    for _ in range(2):
        door(warehouse, EVENT | named | {"ip_address": ADDRESS})
        door(warehouse, EVENT | {"user_id": "u2"})
    run = {"crew_type": "discovery", "start_time": NOW, "user_id": user}
    number = warehouse.log_crew_execution(run)
    warehouse.update_crew_execution(number, {"user_id": user, "status": "completed"})
    found = sorted(database.read(ALL), key=str)
    assert found == [("u2", False, None, None)] * 2 + [(None, False, "GB", {"plan": "pro"})] * 2
    if why == "erased":
        assert user not in everything(database)


@pytest.mark.parametrize(
    ("address", "given", "country"),
    [
        ("8.8.8.8", None, "US"), ("::ffff:8.8.8.8", None, "US"), ("2001:4860:4860::8888", None, "US"),
        ("[2001:4860:4860::8888]", None, "US"), ("8.8.8.8", "DE", "DE"), ("10.1.2.3", None, None),
        ("127.0.0.1", None, None), ("fe80::1%eth0", None, None), ("unknown", None, None), ("", None, None),
    ],
)  # fmt: skip
def test_the_country_is_the_events_own_else_the_addresses(address, given, country, warehouse) -> None:
    event = AppEvent.read(EVENT | {"ip_address": address, "country": given})
    assert warehouse.events.prepare(event).get("country") == country


def test_one_address_has_one_hash_a_day_however_it_is_spelled(warehouse) -> None:
    def hashed(address: str) -> str:
        return warehouse.events.prepare(AppEvent.read(EVENT | {"ip_address": address}))["ip_hash"]

    assert hashed("8.8.8.8") == hashed("::ffff:8.8.8.8") != hashed("8.8.8.9")
    assert hashed("2001:DB8::1") == hashed("2001:db8:0::1")
    assert len(hashed("8.8.8.8")) == len("\\x") + 32


def test_a_country_table_that_cannot_be_read_is_told_when_the_warehouse_opens(database_url, tmp_path) -> None:
    (tmp_path / "table").write_text("no table")
    database = Database.open(database_url)
    with pytest.raises(ConfigurationError, match="VIRALFORGE_COUNTRY_TABLE"):
        DataWarehouse(database, Settings(country_table=tmp_path / "table"))
    database.close()


def test_after_30_days_neither_salt_nor_hash_is_there(database_url) -> None:
    database = Database.open(database_url, pool_size=1)  # so that the clock is everybody's

    def at(moment: datetime) -> None:
        database.value(CLOCK, {"now": moment.isoformat()})
        warehouse.events.salts.refresh()

    first = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    with DataWarehouse(database, Settings(pool_size=1)) as warehouse:
        at(first)
        warehouse.track_event(EVENT | {"ip_address": ADDRESS, "created_at": first - timedelta(days=20)})
        at(first + timedelta(hours=23))
        warehouse.track_event(EVENT | {"ip_address": ADDRESS})
        salt = database.value(b"SELECT salt FROM viralforge.ip_salts WHERE day = '2026-03-02'")
        database.change(b"CHECKPOINT")
        assert salt in salts_on_disk(database, salt)
        at(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
        assert warehouse.events.forget_addresses() == 0
        assert database.read(KEPT) == [(1, 2)]
        at(datetime(2026, 4, 1, tzinfo=UTC))
        assert warehouse.events.forget_addresses() == 2
        assert database.read(KEPT) == [(0, 0)]
        database.change(b"CHECKPOINT")
        assert salt not in salts_on_disk(database, b"")
        warehouse.track_event(EVENT | {"ip_address": ADDRESS})
        assert warehouse.events.forget_addresses() == 0
        assert database.read(KEPT) == [(0, 1)]


def salts_on_disk(database: Database, otherwise: bytes) -> bytes:
    """The bytes of the salts' file; `otherwise` where the server is another machine's."""
    place = database.value(
        b"SELECT current_setting('data_directory') || '/' || pg_relation_filepath('viralforge.ip_salts')"
    )
    return Path(place).read_bytes() if Path(place).exists() else otherwise


def test_while_the_database_is_away_the_known_salts_serve_their_days(database_url) -> None:
    warehouse = DataWarehouse.open(database_url)
    event = AppEvent.read(EVENT | {"ip_address": ADDRESS})
    before = warehouse.events.prepare(event)
    warehouse.close()
    warehouse.events.salts._ask_at = 0.0  # a minute later
    after = warehouse.events.prepare(event)
    assert after["ip_hash"] == before["ip_hash"]
    assert isinstance(after["event_id"], UUID)
    warehouse.events.salts._known.clear()
    assert "ip_hash" not in warehouse.events.prepare(event)
    assert warehouse.events.prepare(event)["country"] == "GB"
