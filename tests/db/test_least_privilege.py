"""Least privilege: readers learn nothing of who users are, writers make no tables, admins do everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import psycopg
import pytest
from psycopg import errors, sql

from tests.db.roles import Logins
from viralforge.db.migrate import migrate, plan
from viralforge.db.pool import Database
from viralforge.errors import AccessDenied
from viralforge.integrations.http.questions import QUESTIONS
from viralforge.warehouse import DataWarehouse

USER, OTHER = "planted-user", "planted-other"
STAGES = ("trend_discovery", "trend_action", "content_analysis", "clip_generation")
POST = {
    "platform": "youtube",
    "external_id": "dQw4w9WgXcQ",
    "views": 5_000,
    "likes": 10,
    "hashtags": ["soup"],
}
RELATIONS = """
SELECT c.oid::regclass::text, attname::text
FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = 'viralforge'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
ORDER BY 1, attnum
"""
FUNCTIONS = """
SELECT oid::regprocedure::text, ARRAY(SELECT type::regtype::text FROM unnest(proargtypes) AS type)
FROM pg_proc WHERE pronamespace = 'viralforge'::regnamespace AND prokind = 'f'
    AND prorettype <> 'trigger'::regtype
"""
OWNERS = b"""
SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'viralforge'::regnamespace
UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'viralforge'::regnamespace
"""
SECRETS = """
SELECT encode(secret, 'hex') FROM secrets UNION ALL SELECT encode(salt, 'hex') FROM ip_salts
UNION ALL SELECT encode(key_hash, 'hex') FROM api_keys
UNION ALL SELECT encode(token_hash, 'hex') FROM web_sessions
UNION ALL SELECT encode(key_hash, 'hex') FROM erased UNION ALL SELECT encode(ip_hash, 'hex') FROM app_events
WHERE ip_hash IS NOT NULL
"""
GIVEN = {
    "text": "'youtube'", "text[]": "ARRAY['youtube']", "bigint": "1", "integer": "1", "boolean": "true",
    "timestamp with time zone": "'2000-01-01'", "date": "'2026-01-01'", "uuid": "gen_random_uuid()",
    "jsonb": "'{}'", "json": "'{}'", "bytea": "''", "interval": "'1 day'", "numeric": "1",
    "double precision": "1", "bigint[]": "ARRAY[1]", "uuid[]": "ARRAY[]::uuid[]",
}  # fmt: skip


def plant(warehouse: DataWarehouse) -> set[str]:
    """Fills every table that holds something of users or secrets; returns what no reader may see."""
    for step, user in product(range(2), (USER, OTHER)):
        warehouse.track_events(
            {
                "event_name": name, "event_type": "app", "user_id": user, "session_id": f"s{step}",
                "ip_address": "8.8.8.8", "platform": "web",
                "properties": {
                    "distinct_id": user, "trend_id": "7", "platform": "youtube", "by": [f"/u/{OTHER}"],
                },
            }
            for name in STAGES
        )  # fmt: skip
        if step == 0:  # so that both the rollups and what is not folded yet name them
            warehouse.rollups.fold()
    warehouse.add_user(USER, "planted-name")
    run = {"crew_type": "discovery", "user_id": USER, "output_data": {"for": USER}, "cost_usd": 1}
    warehouse.log_crew_execution(run | {"status": "completed", "start_time": datetime.now(UTC)})
    warehouse.save_scraped_post(POST)
    warehouse.rollups.refresh_popular_content()
    key_id, _scopes = warehouse.keys.find(warehouse.keys.create("dashboard", ["admin"]))
    warehouse.keys.sign_in(key_id, timedelta(hours=1))
    warehouse.once("planted-key", b"planted-request", lambda: {"answer": "planted-answer"})
    warehouse.cached(
        "youtube", "search", {"q": 1}, ttl=60, fetch=lambda: {"items": [], "etag": "planted-body"}
    )
    warehouse.erase_user("planted-erased")
    warehouse.sql(
        "INSERT INTO sealed_funnel VALUES ('2025-01-01', %s, 's', 'trend_discovery', 'web', '2025-01-02')",
        [USER],
    )
    warehouse.sql(
        "INSERT INTO erasures (kind, key, reference, requested_at)"
        " VALUES ('user', 'planted-erasure', '', now())"
    )
    return {row[0] for row in warehouse.sql(SECRETS)} | {"planted", b"planted".hex()}


@pytest.fixture
def planted(logins: Logins) -> set[str]:
    with DataWarehouse.open(logins.url) as warehouse:
        return plant(warehouse)


def seen_by(url: str) -> dict[str, str]:
    """What a login can read of the schema: the text of every column, and what every function returns."""
    found = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = viralforge")
        for table, column in connection.execute(RELATIONS).fetchall():
            query = sql.SQL("SELECT string_agg({}::text, ' ') FROM ").format(sql.Identifier(column))
            try:
                text = connection.execute(query + sql.SQL(table)).fetchone()[0]
            except errors.InsufficientPrivilege:
                continue
            found[f"{table}.{column}"] = text or ""
        for function, types in connection.execute(FUNCTIONS).fetchall():
            call = f"{function.partition('(')[0]}({', '.join(GIVEN[each] for each in types)})"
            try:
                text = connection.execute(f"SELECT string_agg(f::text, ' ') FROM {call} AS f").fetchone()[0]
            except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
                continue
            found[function] = text or ""
        statistics = "SELECT string_agg(s::text, ' ') FROM pg_stats AS s WHERE schemaname = 'viralforge'"
        found["statistics"] = connection.execute(statistics).fetchone()[0] or ""
    return found


def holding(found: dict[str, str], secrets: set[str]) -> list[str]:
    return [place for place, text in found.items() if any(secret in text for secret in secrets)]


def test_a_reader_finds_no_user_hash_or_secret_in_any_table_view_or_function(logins, planted) -> None:
    with psycopg.connect(logins.url, autocommit=True) as owner:
        owner.execute("ANALYZE")
    # The walk finds what there is to be found, or it would prove nothing.
    owners = holding(seen_by(logins.url), planted)
    assert {
        "app_events.user_id", "app_events.properties", "users.id", "funnel_deltas.user_id",
        "funnel_rollup.user_id", "funnel_sessions.user_id", "funnel_users.user_id", "sealed_funnel.user_id",
        "v_app_events.user_id", "v_app_events.ip_hash", "v_events.user_key", "v_executions.user_id",
        "v_executions.output_data", "v_user_engagement_funnel.user_id", "funnel_changes()", "secrets.secret",
        "ip_salts.salt", "api_keys.key_hash", "web_sessions.token_hash", "erased.key_hash", "erasures.key",
        "idempotency_keys.answer", "cached_answers.answer", "crew_executions.user_id", "users.display_name",
        "statistics",
    } <= set(owners)  # fmt: skip
    seen = seen_by(logins.of("reader"))
    assert holding(seen, planted) == []
    assert {"v_events.user_key", "v_funnel.user_key", "v_executions.id", "scraped_posts.title"} <= seen.keys()


def test_a_reader_who_sees_users_finds_them_and_still_no_hash_or_secret(logins, planted) -> None:
    seen = seen_by(logins.of("reader_users"))
    assert USER in seen["v_user_engagement_funnel.user_id"]
    assert USER in seen["v_events.user_key"] and USER in seen["v_executions.user_id"]
    hidden = {"planted-answer", "planted-erasure", b"planted-body".hex()} | {
        each for each in planted if len(each) > 30
    }
    assert holding(seen, hidden) == []


def test_pseudonyms_are_the_same_wherever_a_reader_meets_a_user(logins, planted) -> None:
    with DataWarehouse.open(logins.of("reader")) as reader:
        events = {
            row[0] for row in reader.sql("SELECT DISTINCT user_key FROM v_events WHERE user_key IS NOT NULL")
        }
        assert events == {row[0] for row in reader.sql("SELECT user_key FROM v_funnel")}
        assert len(events) == 2


def test_every_question_that_needs_no_ids_of_users_is_answered_to_a_reader_as_to_the_owner(
    logins, planted
) -> None:
    with DataWarehouse.open(logins.url) as owner, DataWarehouse.open(logins.of("reader")) as reader:
        with pytest.raises(AccessDenied, match="v_user_engagement_funnel"):
            reader.funnel.users()
        [run] = reader.crews.executions()
        assert run == owner.crews.executions()[0]._replace(user_id=None)
        assert reader.runs.get(run.id) == owner.runs.get(run.id)._replace(user_id=None, output_data=None)
        asked = [each for each in QUESTIONS if "{" not in each.path and each.path not in _WITH_USERS]
        for question in asked:
            given = _NEEDED.get(question.path, {})
            answers = [
                getattr(getattr(each, question.subject) if question.subject else each, question.method)(
                    **given
                )
                for each in (owner, reader)
            ]
            assert str(answers[0]) == str(answers[1]), question.path
        for view in owner.views.all():
            if view != "v_user_engagement_funnel":
                assert reader.views.page(view) == owner.views.page(view)
        assert reader.posts.get(reader.posts.top()[0].id)


_WITH_USERS = {"/v1/funnel/users", "/v1/executions"}
_NEEDED = {"/v1/posts/find": {"platform": "youtube", "external_id": "dQw4w9WgXcQ"}}


def test_a_reader_changes_nothing(logins, planted) -> None:
    with DataWarehouse.open(logins.of("reader")) as reader:
        for verb in (
            lambda: reader.save_scraped_post(POST | {"views": 1_000_000}),
            lambda: reader.track_event({"event_name": "a", "event_type": "b"}),
            lambda: reader.create_trend({"title": "AI"}), reader.refresh_popular_content, reader.rollups.fold,
            lambda: reader.sql("SELECT make_month('app_events', '2019-02-01')"),
            lambda: reader.sql("SELECT erased_key('user', 'u1')"),
            lambda: reader.sql("SELECT know_users(ARRAY['u1'])"),
        ):  # fmt: skip
            with pytest.raises(AccessDenied):
                verb()


def test_a_writer_writes_all_there_is_to_write_and_needs_no_months_made(logins, database) -> None:
    with DataWarehouse.open(logins.of("writer")) as writer:
        old = datetime(2019, 2, 3, tzinfo=UTC)
        post_id = writer.save_scraped_post(POST | {"observed_at": old})
        writer.bulk_save_scraped_posts(POST | {"external_id": f"{n:011}"} for n in range(200))
        writer.record_metrics_snapshot(post_id, {"views": 6_000})
        trend = writer.create_trend({"title": "AI"})
        writer.link_trend_to_sources(trend, [post_id])
        event = {
            "event_name": "trend_discovery",
            "event_type": "app",
            "user_id": USER,
            "ip_address": "8.8.8.8",
        }
        writer.track_events([event, event | {"created_at": old}])
        writer.track_event(event)
        writer.log_scrape_job({"platform": "youtube", "operation": "search", "started_at": old})
        with writer.crew_run("discovery", platforms=["x"]) as run:
            run.llm_call("gpt-4o-mini", {"prompt_tokens": 1_000, "completion_tokens": 100})
        writer.cached("youtube", "search", {"q": 1}, ttl=60, fetch=lambda: {"items": []})
        writer.once("key", b"request", lambda: 1)
        writer.ingest_payloads([{"nothing": 1}])
        writer.refresh_popular_content()
        writer.add_user("u2", analytics=False)
        assert writer.rollups.check() == []
        assert len(writer.funnel.users()) == 1
        assert writer.delete_post(post_id)
    owners = b"SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname LIKE '%%_2019_02'"
    assert database.read(owners) == [(f"{logins.name}_admin",)]


def test_a_writer_makes_no_tables_deletes_nobody_and_reads_no_secret(logins, planted) -> None:
    with DataWarehouse.open(logins.of("writer")) as writer:
        for statement in (
            "CREATE TABLE viralforge.mine (id int)", "DROP TABLE viralforge.trends", "SELECT * FROM secrets",
            "TRUNCATE app_events", "DELETE FROM users", "DELETE FROM app_events", "SELECT * FROM erasures",
            "INSERT INTO api_keys (name, key_hash, scopes) VALUES ('a', 'b', '{admin}')",
            "UPDATE api_keys SET scopes = '{admin}'", "SELECT ip_hash FROM app_events", "DELETE FROM erased",
            "UPDATE granted_roles SET role_name = 'x'", "DELETE FROM ip_salts",
        ):  # fmt: skip
            with pytest.raises(AccessDenied):
                writer.sql(statement)
        with pytest.raises(AccessDenied):
            writer.erase_user(USER)


def test_a_month_made_later_is_read_through_its_table_and_by_itself_by_nobody(logins) -> None:
    with DataWarehouse.open(logins.of("writer")) as writer, DataWarehouse.open(logins.of("reader")) as reader:
        post_id = writer.save_scraped_post(POST | {"observed_at": datetime(2019, 2, 3, tzinfo=UTC)})
        assert len(reader.posts.history(post_id)) == 1
        with pytest.raises(AccessDenied):
            reader.sql("SELECT * FROM post_metrics_history_2019_02")


def test_an_admin_migrates_maintains_and_erases_and_what_is_made_belongs_to_the_admins(
    logins, planted, database
) -> None:
    with DataWarehouse.open(logins.of("admin")) as admin:
        admin.rollups.fold()
        admin.rollups.rebuild()
        admin.refresh_popular_content()
        admin.events.forget_addresses()
        assert admin.erase_user(USER).total > 0
        admin.sql("UPDATE schema_state SET objects_hash = 'older'")
    changed = Database.open(logins.of("admin"))
    assert migrate(changed).objects_change
    assert plan(changed).nothing_to_do
    changed.close()
    assert database.read(OWNERS) == [(f"{logins.name}_admin",)]
    assert holding(seen_by(logins.of("reader")), planted - {"planted"}) == []
