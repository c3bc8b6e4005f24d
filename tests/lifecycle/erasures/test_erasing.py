"""Erasing users, authors and posts: a search for their traces finds none, whoever writes meanwhile."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from tests.lifecycle.erasures.planted import AUTHOR, EVENT, NAME, NOW, POST, TOKENS, USER, post, refused
from tests.store.reading import wait_for_a_lock
from viralforge.db.pool import Database
from viralforge.errors import ErasureUnfinished, InvalidPost
from viralforge.lifecycle.privacy.erasing import Privacy
from viralforge.lifecycle.spool import Spool
from viralforge.model.erasure import Subject
from viralforge.model.rejection import Rejection
from viralforge.warehouse import DataWarehouse


def token(traces: str, *tokens: str) -> list[str]:
    return [each for each in tokens if each.lower() in traces]


def plant_user(warehouse: DataWarehouse, spool_dir: Path, facts: Path) -> None:
    warehouse.add_user(USER, f"Name of {USER}")
    properties = {"trend_id": 1, "distinct_id": USER}
    warehouse.track_event(EVENT | {"user_id": USER, "properties": properties, "ip_address": "8.8.8.8"})
    warehouse.rollups.fold()
    warehouse.track_event(EVENT | {"user_id": USER})
    number = warehouse.log_crew_execution(
        {"crew_type": "discovery", "start_time": NOW, "user_id": USER, "output_data": {"for": USER}}
    )
    warehouse.log_crew_calls(
        [{"crew_execution_id": number, "kind": "llm", "name": "call", "started_at": NOW, "error": USER}]
    )
    warehouse.scrapes.keep([Rejection("bad_event", "no time", {"distinct_id": USER})])
    warehouse.sql(
        "INSERT INTO kept_answers VALUES ('funnel', '{}', now(), %s) ON CONFLICT DO NOTHING",
        [Jsonb([USER, AUTHOR, POST])],
    )
    left = Spool(spool_dir)
    row = {"created_at": NOW, "event_id": str(uuid4()), "event_name": "a", "event_type": "b"}
    left.append([row | {"user_id": USER}, row | {"user_id": "another"}])
    left.forget()
    (spool_dir / "refused.ndjson").write_text(f'{{"user_id":"{USER}"}}\n{{"user_id":"another"}}\n{USER} torn')
    left = Spool(facts, "facts")
    left.append(
        [
            {
                "fact": "started", "key": str(uuid4()), "recorder": str(uuid4()), "crew_type": "left",
                "user_id": USER, "start_time": NOW,
            },
            {"fact": "nonsense", "of": USER},
        ]
    )  # fmt: skip
    left.forget()


def plant_post(warehouse: DataWarehouse, given: dict, words: str) -> UUID:
    known = warehouse.save_scraped_post(given)
    warehouse.record_metrics_snapshot(known, {"views": 60_000, "recorded_at": NOW + timedelta(minutes=1)})
    trend = warehouse.create_trend({"title": "soup"})
    warehouse.link_trend_to_sources(trend, [known], [0.5])
    keep = {"platform": "youtube", "operation": "search", "fetched_at": NOW}
    keep |= {"ttl": timedelta(1), "stale": timedelta(0)}
    warehouse.answers_kept.keep(f"{words}".encode().hex(), {"items": [{"by": words}]}, **keep)
    warehouse.answers_kept.keep(f"{words}!".encode().hex(), None, error=f"no {words} found", **keep)
    warehouse.scrapes.keep([Rejection("unknown_shape", "no post", {"inner": [words]}, origin=words)])
    number = warehouse.log_crew_execution(
        {"crew_type": "discovery", "start_time": NOW, "output_data": {"best": f"by {words}!"}}
    )
    warehouse.log_crew_calls(
        [
            {
                "crew_execution_id": number,
                "kind": "tool",
                "name": "t",
                "started_at": NOW,
                "error": f"{words}: 404",
            }
        ]
    )
    job = warehouse.log_scrape_job(
        {"platform": "youtube", "operation": "search", "query": f"channel={words}", "started_at": NOW}
    )
    warehouse.sql("INSERT INTO scrape_job_posts VALUES (%s, %s, true)", [known, job])
    warehouse.sql("INSERT INTO undated_payloads VALUES (%s, '\\x01')", [known])
    return known


def test_afterwards_a_search_for_their_traces_finds_none(kept, settings, facts, held) -> None:
    plant_user(kept, settings.spool_dir, facts)
    other = {"author": "Other", "author_id": "UCother", "title": "o", "hashtags": ["soup"], "raw_json": None}
    others = kept.save_scraped_post(post(9, **other))
    plant_post(kept, post(1), AUTHOR)
    kept.save_scraped_post(post(2, author_id=None, title=NAME))
    lone = plant_post(
        kept, {"platform": "youtube", "external_id": POST, "title": POST, "views": 9_000, "likes": 9}, POST
    )
    kept.refresh_popular_content()
    kept.save_scraped_post(post(3))
    assert token(held(), *TOKENS) == list(TOKENS)

    receipts = [kept.erase_user(USER), kept.erase_author("youtube", AUTHOR), kept.erase_post(lone)]
    assert token(held(), *TOKENS) == []
    assert "another" in held()
    assert kept.rollups.check() == []
    assert list(kept.sql("SELECT id FROM v_posts")) == [(others,)]
    assert all(kept.verify_receipt(receipt.to_dict()) for receipt in receipts)
    told = json.dumps([receipt.to_dict() for receipt in receipts]).lower()
    assert token(told, *TOKENS) == []
    of_user, of_author, of_post = receipts
    assert of_user.rows == of_user.rows | {"rejections": 1, "kept_answers": 1, "spool": 3, "facts": 1}
    each = {
        "post_metrics_history": 2, "trend_sources": 1, "undated_payloads": 1, "scrape_job_posts": 1,
        "rejections": 1, "cached_answers": 1, "response_cache": 1, "crew_executions": 1, "crew_calls": 1,
        "scrape_jobs": 1,
    }  # fmt: skip
    assert of_post.rows == of_post.rows | each | {"scraped_posts": 1}
    assert of_author.rows == of_author.rows | each | {"scraped_posts": 3, "post_metrics_history": 4}


def test_who_saves_a_post_of_the_author_in_that_moment_is_waited_for(warehouse, database) -> None:
    """The writer has looked whom it may save, and has not saved yet, when the erasure begins."""
    with ThreadPoolExecutor(2) as threads:
        with database.connection() as connection:
            connection.execute("LOCK TABLE viralforge.post_metrics_history IN ACCESS EXCLUSIVE MODE")
            saved = threads.submit(warehouse.bulk_save_scraped_posts, [post(1), post(2)])
            wait_for_a_lock(database)
            erased = threads.submit(warehouse.erase_author, "youtube", AUTHOR)
            assert_waits(database, erased)
        assert saved.result(30).new == 2
        assert erased.result(30).rows["scraped_posts"] == 2
    assert list(warehouse.sql("SELECT * FROM v_posts")) == []
    assert warehouse.rollups.check() == []


def assert_waits(database: Database, erased) -> None:
    """The author is kept out already, and the erasure goes on for longer than it takes otherwise."""
    deadline = time.monotonic() + 30
    while database.read(b"SELECT count(*) FROM viralforge.erased") == [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.5)
    assert not erased.done()


def test_eight_writers_leave_nothing_of_an_author_who_is_erased_meanwhile(
    warehouse, database, stress
) -> None:
    rounds = stress.measure(3, 60)
    for at in range(rounds):
        author, numbers, erasing = f"UCauthor-{at}", count(at * 10**6), []

        def write(author: str = author, numbers: count = numbers, erasing: list = erasing) -> int:
            turned_away = 0
            while (number := next(numbers)) % 10**6 < 400 or not erasing:
                given = post(number, author_id=author, author=f"Author {author}")
                if number % 4 == 0:
                    others = post(number + 500_000, author_id="UCother", author="Other")
                    turned_away += warehouse.bulk_save_scraped_posts([given, others]).rejected
                    continue
                if number % 4 == 1:
                    given["author_id"] = None
                try:
                    warehouse.save_scraped_post(given)
                except InvalidPost:
                    turned_away += 1
            return turned_away

        with ThreadPoolExecutor(8) as threads:
            writers = [threads.submit(write) for _ in range(8)]
            while next(numbers) % 10**6 < 100:
                pass
            warehouse.erase_author("youtube", author)
            erasing.append(True)
            assert sum(writer.result(60) for writer in writers) > 0
        left = "SELECT count(*) FROM scraped_posts WHERE author_id = %s OR author = %s"
        assert list(warehouse.sql(left, [author, f"Author {author}"])) == [(0,)]
    warehouse.rollups.fold()
    assert warehouse.rollups.check() == []
    stress.tell(f"{rounds} authors erased under 8 writers each")


def test_a_transaction_that_does_not_end_is_told_and_the_erasure_taken_up_later(
    kept, database, settings
) -> None:
    known = kept.save_scraped_post(post(1))
    hasty = Privacy(database, settings, kept._user_store, kept.rollups, kept.sweep_runs, patience=0.2)
    with database.connection() as connection:
        connection.execute("SELECT 1")
        with pytest.raises(ErasureUnfinished, match="1 transactions"):
            hasty.erase_author("youtube", AUTHOR)
    assert refused(kept, post(2)) == "author_erased"
    assert kept.posts.get(known).title is not None
    (receipt,) = kept.finish_erasures()
    assert (receipt.kind, receipt.rows["scraped_posts"]) == ("author", 1)
    assert kept.verify_receipt(receipt.to_dict())
    assert kept.finish_erasures() == []
    assert kept.posts.get(known).title is None
    assert list(kept.sql("SELECT count(*), count(key) FROM erasures")) == [(1, 0)]


def test_an_erasure_killed_at_any_store_is_taken_up_and_its_receipt_counts_everything(
    kept, database, settings, held, monkeypatch
) -> None:
    """Each step but one is done when the process dies, and done once more afterwards."""
    plant_post(kept, post(1), AUTHOR)
    asked: list[Subject] = []

    def cold(subject: Subject) -> dict[str, int]:
        asked.append(subject)
        return {"posts": 0 if len(asked) > 1 else 3}

    privacy = Privacy(database, settings, kept._user_store, kept.rollups, kept.sweep_runs, cold)
    steps = ["widen", "blank", "forget_answers", "count", "forget_texts", "end"]
    for step in steps:
        with monkeypatch.context() as patch:

            def die(*_given) -> None:
                raise SystemExit

            patch.setattr(privacy._store, step, die)
            with pytest.raises(SystemExit):
                privacy.erase_author("youtube", AUTHOR)
    receipt = privacy.erase_author("youtube", AUTHOR)
    assert (receipt.rows["scraped_posts"], receipt.rows["cached_answers"]) == (1, 1)
    assert receipt.archive == {"posts": 3}
    assert privacy.is_ours(receipt.to_dict())
    assert not privacy.is_ours(receipt.to_dict() | {"total": 0})
    assert len(asked[-1].post_ids) == 1
    assert asked[-1].author_id == AUTHOR
    assert database.read(b"SELECT count(*) FROM viralforge.erasures") == [(1,)]
    assert token(held(), *TOKENS) == []


def test_what_a_living_process_holds_on_disk_is_waited_for(kept, database, settings) -> None:
    spool = Spool(settings.spool_dir)
    row = {"created_at": NOW, "event_id": str(uuid4()), "event_name": "a", "event_type": "b", "user_id": USER}
    spool.append([row])
    hasty = Privacy(database, settings, kept._user_store, kept.rollups, kept.sweep_runs, patience=0.1)
    with pytest.raises(ErasureUnfinished, match="is held by a process"):
        hasty.erase_user(USER)
    with ThreadPoolExecutor(1) as threads:
        erased = threads.submit(kept.erase_user, USER)
        assert_waits(database, erased)
        assert spool.drain(kept.events.insert) == 1
        assert erased.result(30).rows["spool"] == 0
    assert list(kept.sql("SELECT user_id FROM app_events")) == [(None,)]
    assert list(kept.sql("SELECT count(*), count(done_at) FROM erasures")) == [(1, 1)]
