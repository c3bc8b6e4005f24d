"""Every question over HTTP gives what the library gives, as objects with exact numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import new_database, with_database
from tests.web.conftest import Served, served
from viralforge.integrations.http.questions import QUESTIONS
from viralforge.model.ids import post_id
from viralforge.simulate.run import fill
from viralforge.warehouse import DataWarehouse

BIG = 2**70


@pytest.fixture(scope="module")
def world(server_url, admin, template) -> Iterator[tuple[Served, DataWarehouse]]:
    """A server over a simulated world, and the same opened here."""
    with new_database(admin, template) as name:
        url = with_database(server_url, name)
        with DataWarehouse.open(url) as warehouse:
            fill(warehouse, posts=300)
            warehouse.save_scraped_post({
                "platform": "youtube", "external_id": "dQw4w9WgXcQ", "views": 3, "likes": 1,
                "raw_json": {"big": BIG, "nul": "a\\u0000b"}, "title": "A video",
            })  # fmt: skip
            with served(url) as server:
                yield server, warehouse


@pytest.fixture(scope="module")
def reader(world) -> Iterator[httpx.Client]:
    """A client that may read, also who users are."""
    with world[0].client("read:users") as client:
        yield client


def exact(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content, parse_float=Decimal)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.path)
def test_a_path_answers_what_its_reader_does(world, reader, asked):
    warehouse = world[1]
    known, trend = post_id("youtube", "dQw4w9WgXcQ"), warehouse.trends.list(limit=1)[0].id
    run = warehouse.crews.executions(limit=1)[0].id
    given: dict[str, Any] = {"post_id": known, "trend_id": trend, "execution_id": run, "hashtag": "ai"}
    given = {name: value for name, value in given.items() if f"{{{name}:" in asked.path}
    asks = {"platform": "youtube", "external_id": "dQw4w9WgXcQ"} if asked.method == "find" else {}
    found = exact(reader.get(re.sub(r":\w+}", "}", asked.path).format(**given), params=asks))
    lent = getattr(warehouse, asked.subject) if asked.subject else warehouse
    expected = getattr(lent, asked.method)(*given.values(), **asks)
    if isinstance(found.get("rows"), list) and asked.subject != "answers":
        assert len(found["rows"]) == len(expected)
        if hasattr(expected, "to_dicts") and expected:
            assert list(found["rows"][0]) == list(expected.columns)
            for name, value in expected.to_dicts()[0].items():
                if isinstance(value, str | int | Decimal):
                    assert found["rows"][0][name] == value, name
    elif asked.subject == "answers":
        several = isinstance(expected, list)
        told = [each["sentence"] for each in (found["rows"] if several else [found])]
        assert told == [each.sentence for each in (expected if several else [expected])]
    else:
        assert list(found) == list(expected._fields)


def test_numbers_are_exact_and_moments_are_utc(world, reader):
    found = exact(reader.get(f"/v1/posts/{post_id('youtube', 'dQw4w9WgXcQ')}"))
    assert found["engagement_rate"] == Decimal("0.333333")
    assert found["raw_json"]["big"] == BIG
    assert found["scraped_at"].endswith("Z")


def test_answers_may_be_as_old_as_asked_for(reader):
    first = exact(reader.get("/v1/answers/agents?max_age=3600"))
    again = exact(reader.get("/v1/answers/agents?max_age=3600"))
    assert first["as_of"] == again["as_of"] is not None
    assert exact(reader.get("/v1/answers/agents"))["as_of"] is None


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/posts/top?limt=3", "/limt"), ("/v1/posts/top?limit=-1", "/limit"),
        ("/v1/posts/top?limit=many", "/limit"), ("/v1/posts/top?limit=1&limit=2", "/limit"),
        ("/v1/posts/gained?times=0", "/times"), ("/v1/posts/gained?hours=nan", "/hours"),
        ("/v1/trends/0", "/trend_id"),
        ("/v1/answers/agents?max_age=-1", "/max_age"), ("/v1/posts/find?platform=x", "/external_id"),
        ("/v1/views/v_top_posts_by_platform?views.gte=many", "/views.gte"),
        ("/v1/views/v_top_posts_by_platform?price=3", "/price"),
        ("/v1/views/v_top_posts_by_platform?sort=price", "/sort"),
        ("/v1/views/v_top_posts_by_platform?cursor=none", "/cursor"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(reader, path, pointer):
    answer = reader.get(path)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_what_is_not_there_is_a_404(reader):
    for path in (f"/v1/posts/{UUID(int=7)}", "/v1/trends/999999", "/v1/trends/999999/sources", "/v1/nothing",
                 "/v1/posts/find?platform=youtube&external_id=aaaaaaaaaaa"):  # fmt: skip
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_pages_of_a_view_follow_one_another(world, reader):
    everything = world[1].views.page("v_top_posts_by_platform", {"views.gte": 100}, limit=1000).rows
    rows, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = exact(
            reader.get("/v1/views/v_top_posts_by_platform", params={"views.gte": 100, "limit": 40} | more)
        )
        rows += page["rows"]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(rows) > 80
    assert [row["id"] for row in rows] == [str(row.id) for row in everything]


def test_a_view_takes_its_filters_and_its_sort(world, reader):
    since = (datetime.now(UTC) - timedelta(days=10)).date().isoformat()
    for name in ("x", "twitter"):
        found = exact(reader.get(f"/v1/views/v_daily_scraping_stats?date.gte={since}&platform={name}"))
        assert {row["platform"] for row in found["rows"]} == {"twitter"}
    wrong = reader.get("/v1/views/v_daily_scraping_stats?platform=myspace")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/platform")
    [tag] = exact(reader.get("/v1/views/v_trending_hashtags?limit=1"))["rows"]
    same = {"hashtag": f"#{tag['hashtag'].upper()}", "platform": tag["platform"]}
    assert exact(reader.get("/v1/views/v_trending_hashtags", params=same))["rows"] == [tag]
    found = exact(reader.get(f"/v1/views/v_daily_scraping_stats?date.gte={since}&sort=-posts_scraped,date"))
    counts = [row["posts_scraped"] for row in found["rows"]]
    assert counts == sorted(counts, reverse=True) and counts
    assert all(row["date"] >= since for row in found["rows"])


def test_answers_are_packed_for_who_accepts_it(reader):
    packed = reader.get("/v1/posts/top", headers={"Accept-Encoding": "gzip"})
    plain = reader.get("/v1/posts/top", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_who_may_only_write_reads_nothing(world):
    for scope, status in (("write", 403), ("write:events", 403), (None, 401)):
        with world[0].client(scope) as client:
            for path in ("/v1/posts/top", "/v1/answers", "/v1/status", "/v1/views/v_trending_hashtags"):
                assert client.get(path).status_code == status


def test_nul_bytes_in_parameters_do_no_harm(reader):
    assert reader.get("/v1/trends?query=%00").status_code == 200
    assert reader.get("/v1/funnel/users?user_id=a%00b").status_code == 200
    assert reader.get("/v1/views/v_trending_hashtags?hashtag=%00").status_code == 200
    assert reader.get("/v1/posts/%00").status_code == 404
