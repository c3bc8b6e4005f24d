"""What people may ask for: their data, and to be nobody; and what is forgotten without asking."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.store.reading import everything
from viralforge.db.pool import Database
from viralforge.errors import InvalidInput
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)
USER = "zz-user-4711"
EVENT = {"event_name": "trend_action", "event_type": "click", "session_id": "s1", "platform": "web"}
CLOCK = b"SELECT set_config('viralforge.now', %(now)s, false)"


def visits(warehouse: DataWarehouse, user: str) -> None:
    """What a user does: some of it counted in the rollups already, some not yet."""
    warehouse.add_user(user, f"Name of {user}")
    told = {
        "trend_id": 17,
        "distinct_id": user,
        "email": "a@b.example",
        "plan": "pro",
        "by": user,
        "n": [user],
    }
    named = EVENT | {"user_id": user, "properties": told, "ip_address": "8.8.8.8"}
    for name in ("trend_discovery", "trend_action"):
        warehouse.track_event(named | {"event_name": name})
    warehouse.rollups.fold()
    warehouse.track_event(EVENT | {"user_id": user})
    warehouse.track_event(EVENT | {"user_id": user, "session_id": "s2", "user_agent": "Browser/1"})
    warehouse.track_event(EVENT | {"user_id": user, "event_name": "clip_generation", "session_id": None})
    number = warehouse.log_crew_execution(
        {"crew_type": "discovery", "start_time": NOW, "end_time": NOW, "status": "completed", "user_id": user}
    )
    call = {"crew_execution_id": number, "kind": "llm", "name": "call", "started_at": NOW, "cost_usd": "0.5"}
    warehouse.log_crew_calls([call])


def numbers(warehouse: DataWarehouse) -> dict[str, object]:
    """The answers that count users and what they did, without their names."""
    funnel = warehouse.sql("SELECT * FROM v_user_engagement_funnel").to_dicts()
    return {
        "funnel": sorted([*row.values()][1:] for row in funnel),
        "conversion": warehouse.funnel.conversion().to_dicts(),
        "usage": warehouse.usage.by_day().to_dicts(),
        "traced": warehouse.impact.engagement().to_dicts(),
        "runs": warehouse.sql("SELECT count(*), count(user_id) FROM crew_executions").to_dicts(),
        "events": warehouse.sql(
            "SELECT event_name, count(*), count(DISTINCT user_id), count(DISTINCT session_id), country "
            "FROM app_events GROUP BY event_name, country ORDER BY 1, 5"
        ).to_dicts(),
    }


@pytest.mark.parametrize("user", [USER, "17"])
def test_of_an_anonymous_user_all_numbers_stay_and_nothing_else(user, kept, database, held) -> None:
    """Also one whose id stands among the properties as what is none."""
    kept.create_trend({"title": "soup"})
    visits(kept, "another")
    visits(kept, user)
    before = numbers(kept)
    receipt = kept.anonymise_user(user)
    assert numbers(kept) == before
    assert kept.rollups.check() == []
    kept.rollups.fold()
    assert numbers(kept) == before
    assert kept.rollups.check() == []
    assert (receipt.kind, receipt.rows["app_events"], receipt.rows["users"]) == ("anonymous user", 5, 1)
    assert kept.verify_receipt(receipt.to_dict())
    moved = "user_id LIKE 'anonymous-%'"
    properties = {"trend_id": 17, "plan": "pro"} | ({"n": ["17"]} if user == "17" else {})
    assert list(
        kept.sql(
            f"SELECT DISTINCT properties, ip_hash FROM app_events WHERE {moved} AND properties IS NOT NULL"
        )
    ) == [(properties, None)]
    if user == USER:
        assert USER not in held()
    kept.track_event(EVENT | {"user_id": user})
    with pytest.raises(InvalidInput, match="erased"):
        kept.add_user(user)
    [(pseudonym,)] = kept.sql("SELECT id FROM users WHERE id LIKE 'anonymous-%'")
    kept.track_event(EVENT | {"user_id": pseudonym})
    assert list(kept.sql("SELECT count(*) FROM app_events WHERE user_id IS NULL")) == [(2,)]
    assert kept.anonymise_user("nobody").total == 0
    assert len(kept.sql("SELECT id FROM users WHERE id LIKE 'anonymous-%'")) == 1


def test_eight_writers_leave_nothing_that_names_who_becomes_anonymous_meanwhile(kept, database) -> None:
    done = Event()

    def write() -> None:
        while not done.is_set():
            kept.track_event(EVENT | {"user_id": USER, "properties": {"trend_id": 1}})
            kept.log_crew_execution({"crew_type": "discovery", "start_time": NOW, "user_id": USER})

    with ThreadPoolExecutor(8) as threads:
        writers = [threads.submit(write) for _ in range(8)]
        while not kept.sql("SELECT 1 FROM crew_executions WHERE user_id IS NOT NULL LIMIT 1"):
            pass
        kept.anonymise_user(USER)
        done.set()
        for writer in writers:
            writer.result(30)
    assert USER not in everything(database)
    kept.rollups.fold()
    assert kept.rollups.check() == []


def test_an_export_holds_all_that_is_kept_of_a_user_and_nothing_of_others(kept) -> None:
    visits(kept, USER)
    visits(kept, "zz-another")
    kept.track_events(EVENT | {"user_id": USER, "session_id": f"s{number}"} for number in range(1_200))
    pieces = list(kept.export_user(USER))
    assert len(pieces) > 1_200
    told = json.loads("".join(pieces))
    assert "zz-another" not in "".join(pieces)
    assert told["profile"] == told["profile"] | {"id": USER, "display_name": f"Name of {USER}"}
    assert len(told["events"]) == 1_205
    assert {event["user_agent"] for event in told["events"]} == {None, "Browser/1"}
    assert [[call["name"] for call in run["calls"]] for run in told["executions"]] == [["call"]]
    assert told["funnel"]["generations"] == 0
    assert len(told["outbox"]) == 1_205
    assert {row["event_name"] for row in told["funnel_users"]} == {
        "trend_discovery", "trend_action", "clip_generation"
    }  # fmt: skip
    nobody = json.loads("".join(kept.export_user("nobody")))
    assert (nobody["profile"], nobody["events"]) == (None, [])
    with pytest.raises(InvalidInput):
        kept.export_user(" ")


def test_an_export_of_an_author_holds_the_posts_with_their_histories(warehouse) -> None:
    for number, author in enumerate((USER, USER, "other")):
        given = {"platform": "youtube", "external_id": f"{number:011}", "author_id": author, "views": number}
        warehouse.save_scraped_post(given | {"raw_json": {"id": number}, "title": "t"})
    told = json.loads("".join(warehouse.export_author("yt", USER)))
    assert [post["raw_json"] for post in told["posts"]] == [{"id": 0}, {"id": 1}]
    assert [[seen["views"] for seen in post["history"]] for post in told["posts"]] == [[0], [1]]


def test_every_salt_and_every_hash_goes_on_its_thirtieth_day(database_url) -> None:
    """The clock goes from day to day, and what is old is forgotten twice a day."""
    database = Database.open(database_url, pool_size=1)  # so that the clock is everybody's
    first = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    salts: dict[datetime, bytes] = {}
    with DataWarehouse(database, Settings(pool_size=1)) as warehouse:
        for hours in range(0, 32 * 24, 12):
            now = first + timedelta(hours=hours)
            database.value(CLOCK, {"now": now.isoformat()})
            warehouse.events.forget_addresses()
            warehouse.events.salts.refresh()
            if now.hour == 0:
                warehouse.track_event(EVENT | {"user_id": "u1", "ip_address": "81.2.69.142"})
                asked = b"SELECT salt FROM viralforge.ip_salts WHERE day = %(now)s::date"
                salts[now] = bytes(database.value(asked, {"now": now.isoformat()}))
            hashes = b"SELECT received_at FROM viralforge.app_events WHERE ip_hash IS NOT NULL ORDER BY 1"
            young = [day for day in salts if day.date() > (now - timedelta(days=30)).date()]
            assert [row[0] for row in database.read(hashes)] == young, now
            held = {bytes(row[0]) for row in database.read(b"SELECT salt FROM viralforge.ip_salts")}
            assert held & {*salts.values()} == {salts[day] for day in young}
        database.change(b"CHECKPOINT")
        files = of_database(database)
        gone = [salt for day, salt in salts.items() if day not in young]
        assert len(gone) == 2
        assert files is None or not any(salt in files for salt in gone)
        assert files is None or salts[young[0]] in files


def of_database(database: Database) -> bytes | None:
    """All bytes of the database's tables and indexes; None where the server is another machine's."""
    place = database.value(
        b"SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database"
        b" WHERE datname = current_database()"
    )
    return b"".join(path.read_bytes() for path in Path(place).iterdir()) if Path(place).exists() else None
