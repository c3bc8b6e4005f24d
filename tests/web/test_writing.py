"""Every verb over HTTP does what it does in Python, and says where its input is wrong."""

from __future__ import annotations

import gzip
import json
from uuid import UUID

import pytest

from viralforge.model.ids import post_id
from viralforge.warehouse import DataWarehouse

POST = {"platform": "youtube", "externalId": "dQw4w9WgXcQ", "views": 1400000000, "likes": 16000000}
KNOWN = str(post_id("youtube", "dQw4w9WgXcQ"))
NDJSON = {"Content-Type": "application/x-ndjson"}
RUN = {"crewType": "discovery", "startTime": "2025-10-03T08:00:00Z"}


def posts(count: int) -> list[dict[str, object]]:
    return [
        {"platform": "twitter", "external_id": str(number + 1), "likes": number} for number in range(count)
    ]


def test_a_post_is_saved_in_either_spelling_of_its_keys(admin_client, warehouse: DataWarehouse):
    assert admin_client.post("/v1/posts", json=POST).json() == {"id": KNOWN}
    snake = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "views": "1400000001"}
    assert admin_client.post("/v1/posts", json=snake).json() == {"id": KNOWN}
    assert warehouse.posts.get(KNOWN).views == 1400000001


def test_a_wrong_field_is_named_by_a_json_pointer(admin_client):
    answer = admin_client.post("/v1/posts", json=POST | {"veiws": 3})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [
        {"pointer": "/veiws", "detail": "no such field of a post; did you mean views?"}
    ]
    answer = admin_client.post("/v1/trends", json={"title": "", "hotness": 101})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/title", "/hotness"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("streamed", [False, True])
def test_many_posts_come_as_an_array_or_a_stream_packed_or_not(admin_client, warehouse, packed, streamed):
    given = [*posts(250), *posts(3)]
    body = "\n".join(map(json.dumps, given)) if streamed else json.dumps(given)
    data = gzip.compress(body.encode()) if packed else body.encode()
    headers = (NDJSON if streamed else {}) | ({"Content-Encoding": "gzip"} if packed else {})
    saved = admin_client.post("/v1/posts/bulk", content=data, headers=headers).json()
    assert saved["ids"] == [str(post_id("twitter", post["external_id"])) for post in given]
    assert (saved["new"], saved["updated"] + saved["unchanged"]) == (250, 3)
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (250,)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_bulk_names_the_post_at_fault_and_how_many_are_saved(
    database_url, monkeypatch, warehouse, streamed
):
    from tests.web.conftest import served

    monkeypatch.setenv("VIRALFORGE_BATCH_SIZE", "100")
    given = posts(250)
    given[234]["likes"] = -1
    with served(database_url) as server, server.client("write") as client:
        body = "\n".join(map(json.dumps, given)) if streamed else json.dumps(given)
        answer = client.post("/v1/posts/bulk", content=body, headers=NDJSON if streamed else {})
    problem = answer.json()
    assert (answer.status_code, problem["saved"]) == (422, 200)
    assert problem["errors"] == [{"pointer": "/234/likes", "detail": "-1 is negative; unknown is None"}]
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (200,)


def test_a_stream_that_is_cut_names_its_line_and_keeps_what_came_before(admin_client, warehouse):
    lines = "\n".join(map(json.dumps, posts(10)))
    answer = admin_client.post("/v1/posts/bulk", content=lines[:-5], headers=NDJSON)
    problem = answer.json()
    assert (answer.status_code, problem["saved"]) == (400, 9)
    assert problem["errors"][0]["pointer"] == "/9"
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (9,)


def test_a_packed_stream_that_is_cut_or_a_bomb_is_refused(admin_client):
    headers = NDJSON | {"Content-Encoding": "gzip"}
    cut = gzip.compress("\n".join(map(json.dumps, posts(2_000))).encode())[:-400]
    answer = admin_client.post("/v1/posts/bulk", content=cut, headers=headers)
    assert answer.status_code == 400 and "breaks off" in answer.json()["detail"]
    for bomb in (b"\n" * 300_000_000, b" " * 300_000_000):
        answer = admin_client.post("/v1/posts/bulk", content=gzip.compress(bomb), headers=headers)
        assert answer.status_code == 413
    answer = admin_client.post("/v1/posts/bulk", content=b"no gzip", headers=headers)
    assert answer.status_code == 400


def test_payloads_are_recognised_and_what_is_none_is_counted(admin_client, warehouse):
    payload = {"source": "x", "id": "1001", "text": "Soup #soup", "metrics": {"likes": 7}}
    report = admin_client.post("/v1/payloads?niche=food", json=[payload, {"no": "post"}]).json()
    assert (report["read"], report["new"], report["rejected"]) == (2, 1, 1)
    assert report["rejected_by_reason"] == {"unknown_shape": 1}
    assert warehouse.posts.find("x", "1001").niche == "food"
    replayed = admin_client.post("/v1/rejections/replay?reason=unknown_shape").json()
    assert (replayed["read"], replayed["rejected"]) == (1, 1)


def test_a_snapshot_reaches_the_history(admin_client, warehouse):
    admin_client.post("/v1/posts", json=POST)
    answer = admin_client.post(f"/v1/posts/{KNOWN}/snapshots", json={"views": 1401000000})
    assert (answer.status_code, answer.content) == (204, b"")
    assert [reading.views for reading in warehouse.posts.history(KNOWN)] == [1400000000, 1401000000]
    unknown = admin_client.post(f"/v1/posts/{UUID(int=7)}/snapshots", json={"views": 1})
    assert unknown.status_code == 404
    empty = admin_client.post(f"/v1/posts/{KNOWN}/snapshots", json={})
    assert empty.status_code == 422


def test_a_trend_is_linked_to_its_sources_or_to_none(admin_client, warehouse):
    admin_client.post("/v1/posts", json=POST)
    trend_id = admin_client.post("/v1/trends", json={"title": "AI tools"}).json()["id"]
    path = f"/v1/trends/{trend_id}/sources"
    broken = admin_client.post(path, json={"postIds": [KNOWN, str(UUID(int=7))]})
    assert broken.status_code == 404 and len(warehouse.trends.sources(trend_id)) == 0
    linked = admin_client.post(path, json={"postIds": [KNOWN], "relevanceScores": [0.95]})
    assert linked.status_code == 204
    assert [source.relevance_score for source in warehouse.trends.sources(trend_id)] == [0.95]
    assert admin_client.post("/v1/trends/99/sources", json={"post_ids": [KNOWN]}).status_code == 404
    assert admin_client.delete(f"/v1/trends/{trend_id}").json() == {"deleted": True}
    assert admin_client.delete(f"/v1/trends/{trend_id}").json() == {"deleted": False}


def test_an_execution_is_logged_changed_and_given_its_calls(admin_client, warehouse):
    run = admin_client.post("/v1/executions", json=RUN).json()["id"]
    changed = admin_client.patch(f"/v1/executions/{run}", json={"status": "completed", "costUsd": 0.45})
    assert changed.status_code == 204
    assert [(each.status, str(each.cost_usd)) for each in warehouse.crews.executions()] == [
        ("completed", "0.450000000")
    ]
    call = {"crewExecutionId": run, "kind": "tool", "name": "search", "startedAt": RUN["startTime"]}
    assert admin_client.post("/v1/calls", json=[call, call]).json() == {"stored": 2}
    wrong = admin_client.post("/v1/calls", json=[call, call | {"kind": "chat"}])
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/1/kind"]
    assert admin_client.post("/v1/calls", json=[call | {"crewExecutionId": 99}]).status_code == 404
    assert admin_client.patch("/v1/executions/99", json={"status": "failed"}).status_code == 404
    job = {"platform": "x", "operation": "search", "startedAt": RUN["startTime"]}
    assert admin_client.post("/v1/scrape-jobs", json=job).json()["id"] > 0


def test_a_user_is_made_changed_and_deleted(server, admin_client, warehouse):
    assert admin_client.put("/v1/users/u%2F1", json={"displayName": "Ada"}).status_code == 204
    assert warehouse.sql("SELECT id, display_name FROM users")[0] == ("u/1", "Ada")
    with server.client("write") as writer:
        assert writer.delete("/v1/users/u%2F1").status_code == 403
    assert admin_client.delete("/v1/users/u%2F1").json() == {"deleted": True}


def test_a_post_is_deleted_and_the_popular_ones_are_refreshed(admin_client, warehouse):
    admin_client.post("/v1/posts", json=POST)
    assert len(warehouse.posts.popular()) == 0
    assert admin_client.post("/v1/popular-content/refresh").status_code == 204
    assert len(warehouse.posts.popular()) == 1
    assert admin_client.delete(f"/v1/posts/{KNOWN}").json() == {"deleted": True}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a": 1e999}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused_with_its_place(admin_client, body):
    answer = admin_client.post("/v1/trends", content=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize("scope", ["read", "write:events", None])
def test_who_may_not_write_writes_nothing(server, warehouse, scope):
    with server.client(scope) as client:
        for path in ("/v1/posts", "/v1/posts/bulk", "/v1/trends", "/v1/rejections/replay"):
            assert client.post(path, json=POST).status_code == (403 if scope else 401)
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (0,)


def test_an_unknown_or_doubled_parameter_is_refused(admin_client):
    answer = admin_client.post("/v1/rejections/replay?reson=empty")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reson")
    doubled = admin_client.post("/v1/rejections/replay?reason=empty&reason=binary")
    assert doubled.status_code == 422


def test_numbers_too_small_for_their_columns_are_zero(admin_client, warehouse):
    trend = admin_client.post("/v1/trends", json={"title": "AI tools", "hotness": 2.7e-136}).json()["id"]
    post = admin_client.post("/v1/posts", json=POST | {"duration_seconds": 1e-200}).json()["id"]
    path = f"/v1/trends/{trend}/sources"
    assert admin_client.post(path, json={"post_ids": [post], "relevance_scores": [1e-99]}).status_code == 204
    warehouse.link_trend_to_sources(trend, [post], [1e-99])
    assert warehouse.trends.get(trend).hotness == 0 == warehouse.trends.sources(trend)[0].relevance_score
    assert warehouse.posts.get(post).duration_seconds == 0
