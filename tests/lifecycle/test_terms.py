"""The platforms' terms: what was not read again in time goes, and nothing else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viralforge.db.queries import Queries, Statement
from viralforge.errors import ConfigurationError, InvalidInput, InvalidPost
from viralforge.lifecycle import terms
from viralforge.lifecycle.terms import DEFAULTS
from viralforge.settings import read_settings
from viralforge.warehouse import DataWarehouse

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
VIDEO = {
    "platform": "youtube", "fetched_via": "official_api", "title": "Soup", "author": "cook",
    "author_id": "c1", "views": 5_000, "likes": 50, "shares": 3, "hashtags": ["soup"], "description": "hot",
    "raw_json": {"viewCount": 5_000}, "media_urls": ["https://example.com/a.jpg"],
}  # fmt: skip
NUMBERS = (
    "views",
    "likes",
    "shares",
    "engagement_rate",
    "raw_json",
    "last_reach",
    "prev_views",
    "prev_reach",
)
TEXTS = ("title", "description", "author", "author_id", "hashtags", "media_urls", "raw_json")


def save(warehouse: DataWarehouse, external_id: str, days: float, **given: Any) -> Any:
    """Saves a post that was read twice, the last time so many days ago."""
    post = VIDEO | {"external_id": external_id.ljust(11, "_")} | given
    warehouse.save_scraped_post(post | {"views": 1_000, "observed_at": NOW - DAY * (days + 1)})
    return warehouse.save_scraped_post(post | {"observed_at": NOW - DAY * days})


def kept(warehouse: DataWarehouse, post_id: Any) -> dict[str, Any]:
    return warehouse.sql("SELECT * FROM scraped_posts WHERE id = %s", [post_id]).to_dicts()[0]


def set_rule(warehouse: DataWarehouse, **rules: Any) -> None:
    """Sets the terms of YouTube's API to these alone."""
    warehouse.terms.rules = {("youtube", "official_api"): terms.TermsRule(**rules)}


@pytest.mark.parametrize("folded", [False, True])
def test_numbers_that_were_not_read_again_become_unknown_and_rollups_stay_exact(warehouse, folded) -> None:
    set_rule(warehouse, statistics_days=1)
    old, fresh = save(warehouse, "old", 2), save(warehouse, "fresh", 0.5)
    trend = warehouse.create_trend({"title": "Soup"})
    warehouse.link_trend_to_sources(trend, [old])
    warehouse.sql("UPDATE trend_sources SET reach_then = 1000")
    if folded:
        warehouse.rollups.fold()
    assert [each[2:] for each in warehouse.terms.enforce()] == [(1, 0)]
    found = kept(warehouse, old)
    assert {name: found[name] for name in NUMBERS} == dict.fromkeys(NUMBERS)
    assert (found["title"], found["hashtags"], found["sightings"]) == ("Soup", ["soup"], 2)
    assert list(warehouse.posts.history(old)) == []
    assert warehouse.sql("SELECT reach_then FROM trend_sources")[0] == (None,)
    assert kept(warehouse, fresh)["views"] == 5_000
    assert len(warehouse.posts.history(fresh)) == 2
    assert warehouse.rollups.check() == []
    warehouse.rollups.fold()
    assert warehouse.rollups.check() == []
    [soup] = warehouse.hashtags.trending("youtube")
    assert (soup.post_count, soup.total_views) == (2, 5_000)
    assert [each[2:] for each in warehouse.terms.enforce()] == [(0, 0)]


def test_texts_and_authors_go_where_the_rule_says_so_and_the_ids_stay(warehouse) -> None:
    set_rule(warehouse, content_days=1)
    post = save(warehouse, "old", 2, niche="food")
    warehouse.rollups.fold()
    assert [each[2:] for each in warehouse.terms.enforce()] == [(0, 1)]
    found = kept(warehouse, post)
    assert {name: found[name] for name in TEXTS} == dict.fromkeys(TEXTS)
    assert (found["external_id"], found["views"], found["niche"]) == ("old________", 5_000, "food")
    assert list(warehouse.hashtags.trending("youtube")) == []
    assert warehouse.rollups.check() == []
    warehouse.rollups.fold()
    assert warehouse.rollups.check() == []


def test_a_post_whose_numbers_went_has_them_again_once_it_is_read_again(warehouse) -> None:
    set_rule(warehouse, statistics_days=1, content_days=1)
    save(warehouse, "old", 2)
    assert [each[2:] for each in warehouse.terms.enforce()] == [(1, 1)]
    warehouse.save_scraped_post(VIDEO | {"external_id": "old________", "views": 9_000})
    found = warehouse.posts.find("youtube", "old________")
    assert (found.views, found.title) == (9_000, "Soup")
    [reading] = warehouse.posts.history(found.id)
    assert (reading.views, reading.velocity_score) == (9_000, None)
    assert warehouse.rollups.check() == []


def test_a_plan_says_what_would_go_and_removes_nothing(warehouse) -> None:
    set_rule(warehouse, statistics_days=1, content_days=30)
    post = save(warehouse, "old", 2)
    assert [each[2:] for each in warehouse.terms.enforce(dry_run=True)] == [(1, 0)]
    assert kept(warehouse, post)["views"] == 5_000


def test_by_default_terms_are_those_of_apis_and_other_posts_are_under_none(warehouse) -> None:
    assert {via for _platform, via in DEFAULTS} == {"official_api"}
    save(warehouse, "api", 40)
    for number, via in enumerate(("scraper", "export", None)):
        save(warehouse, f"other{number}", 400, fetched_via=via)
    removed = {(each.platform, each.numbers, each.content) for each in warehouse.terms.enforce()}
    assert ("youtube", 1, 1) in removed
    assert sum(numbers for _, numbers, _ in removed) == 1


def test_what_is_read_again_in_the_meantime_stays(warehouse, monkeypatch) -> None:
    set_rule(warehouse, statistics_days=1)
    post = save(warehouse, "old", 2)
    blanked = terms._blanked

    def overtaken(connection: Any, what: str, given: Any) -> int:
        warehouse.save_scraped_post(VIDEO | {"external_id": "old________", "views": 6_000})
        return blanked(connection, what, given)

    monkeypatch.setattr(terms, "_blanked", overtaken)
    assert [each[2:] for each in warehouse.terms.enforce()] == [(0, 0)]
    assert kept(warehouse, post)["views"] == 6_000
    assert len(warehouse.posts.history(post)) == 3


def test_an_enforcement_that_is_broken_off_goes_on_where_it_was(warehouse, monkeypatch) -> None:
    set_rule(warehouse, statistics_days=1)
    for number in range(5):
        save(warehouse, f"old{number}", 2)
    monkeypatch.setattr(terms, "BATCH", 2)
    blanked, batches = terms._blanked, []

    def broken(connection: Any, what: str, given: Any) -> int:
        batches.append(given)
        done = blanked(connection, what, given)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(terms, "_blanked", broken)
    with pytest.raises(KeyboardInterrupt):
        warehouse.terms.enforce()
    assert warehouse.sql("SELECT count(*) FROM scraped_posts WHERE views IS NULL")[0] == (2,)
    assert [each[2:] for each in warehouse.terms.enforce()] == [(3, 0)]
    assert warehouse.rollups.check() == []


@pytest.mark.parametrize("name", ["old_numbers", "old_content", "due_for_refresh"])
def test_what_was_removed_is_never_looked_at_again(warehouse, database, name) -> None:
    """The index begins with whether anything is left, and then has when a post was read last."""
    given = {
        "platform": "youtube", "fetched_via": "official_api", "days": 1, "limit": 10, "statistics_days": 1,
        "content_days": 1, "margin": 0,
    }  # fmt: skip
    query = Statement.of(Queries("lifecycle/terms")[name].decode())
    with database.connection() as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(
            row[0] for row in query._replace(text=b"EXPLAIN " + query.text).execute(connection, given)
        )
    found = [line for line in plan.splitlines() if "Index Cond" in line]
    assert found and plan.count("scraped_posts_terms_idx") >= 1, plan
    for condition in found:
        assert "last_scraped_at <" in condition and ", 1) = 1)" in condition, plan


def test_the_report_counts_what_is_due_and_what_is_overdue(warehouse) -> None:
    set_rule(warehouse, statistics_days=30, deleted_hours=24)
    for number, days in enumerate((40, 28, 1)):
        save(warehouse, f"post{number}", days)
    [standing] = warehouse.terms.report()
    assert standing[:8] == ("youtube", "official_api", 30, None, 24, 3, 1, 1)
    assert abs(standing.oldest - (NOW - 40 * DAY)) < timedelta(seconds=1)
    warehouse.terms.enforce()
    [standing] = warehouse.terms.report()
    assert (standing.posts, standing.overdue) == (3, 0)  # its texts are kept without limit
    set_rule(warehouse, statistics_days=30, content_days=30)
    warehouse.terms.enforce()
    assert warehouse.terms.report()[0].posts == 2


def test_posts_near_their_limit_are_due_to_be_read_again_however_old_they_are(warehouse) -> None:
    set_rule(warehouse, statistics_days=30, content_days=60)
    ids = [save(warehouse, f"post{days}", days) for days in (28, 26, 40)]
    due = warehouse.terms.due_for_refresh("youtube")
    assert [post.id for post in due] == [ids[2], ids[0]]
    assert due[1].due_at == due[1].last_scraped_at + 27 * DAY
    assert warehouse.terms.due_for_refresh("reddit") == []
    assert [post.id for post in warehouse.terms.due_for_refresh(limit=1)] == [ids[2]]
    warehouse.terms.enforce()  # the numbers are gone: what is left has time
    assert [post.id for post in warehouse.terms.due_for_refresh()] == [ids[0]]


def test_what_the_platform_says_is_gone_goes_where_the_rule_says_so(warehouse) -> None:
    posts = {via: save(warehouse, str(via), 0.5, fetched_via=via) for via in ("official_api", "scraper")}
    ids = ["official_ap".ljust(11, "_"), "scraper____", "never_saved"]
    save(warehouse, "official_ap", 0.5)
    assert warehouse.terms.gone("youtube", ids) == 1
    assert warehouse.posts.get(posts["scraper"]) is not None
    assert warehouse.posts.find("youtube", ids[0]) is None
    assert warehouse.rollups.check() == []
    set_rule(warehouse, statistics_days=30)
    assert warehouse.terms.gone("youtube", ["official_api"]) == 0
    for wrong, why in (("abc", InvalidInput), ([" "], InvalidPost)):
        with pytest.raises(why):
            warehouse.terms.gone("youtube", wrong)


def test_the_settings_stand_in_front_of_the_defaults(monkeypatch, database_url) -> None:
    youtube = {"official_api": {"statistics_days": 7}, "scraper": {"content_days": 3}}
    given = {"youtube": youtube, "reddit": {"official_api": None}}
    monkeypatch.setenv("VIRALFORGE_TERMS", json.dumps(given))
    with DataWarehouse.open(database_url) as warehouse:
        rules = warehouse.terms.rules
    assert rules["youtube", "official_api"].model_dump() == {
        "statistics_days": 7, "content_days": 30, "deleted_hours": 24,
    }  # fmt: skip
    assert rules["youtube", "scraper"].content_days == 3
    assert ("reddit", "official_api") not in rules
    assert rules["tiktok", "official_api"] == DEFAULTS["tiktok", "official_api"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("soon", 'VIRALFORGE_TERMS: not JSON; write {"youtube"'),
        ('{"myspace": {}}', "VIRALFORGE_TERMS: myspace.*should be 'youtube'"),
        ('{"youtube": {"letter": {}}}', "VIRALFORGE_TERMS: youtube: letter.*should be 'official_api'"),
        ('{"youtube": {"official_api": {"days": 3}}}', "VIRALFORGE_TERMS: youtube: official_api: days"),
        ('{"youtube": {"official_api": {"statistics_days": 0}}}', "official_api: statistics_days: .*greater"),
    ],
)
def test_terms_that_are_none_are_told_with_the_place(monkeypatch, given, said) -> None:
    monkeypatch.setenv("VIRALFORGE_TERMS", given)
    with pytest.raises(ConfigurationError, match=said):
        read_settings()
