"""Who and what was erased does not come back, however it comes."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.lifecycle.erasures.planted import AUTHOR, NAME, NOW, post, refused
from viralforge.errors import InvalidInput


def test_an_erased_post_does_not_come_back_and_nobody_can_link_to_it(warehouse, database) -> None:
    given = post(1)
    known = warehouse.save_scraped_post(given)
    warehouse.erase_post("youtube", given["external_id"])
    for later in (given, given | {"title": "again", "observed_at": NOW + timedelta(seconds=5)}):
        assert warehouse.save_scraped_post(later) == known
        assert warehouse.bulk_save_scraped_posts([later, later | {"views": 9}]).unchanged == 2
        assert warehouse.ingest_payloads([]).read == 0
    warehouse.record_metrics_snapshot(known, {"views": 7})
    trend = warehouse.create_trend({"title": "soup"})
    with pytest.raises(InvalidInput, match="no post with id"):
        warehouse.link_trend_to_sources(trend, [known])
    assert database.read(
        b"SELECT id, platform, external_id, views, sightings FROM viralforge.scraped_posts"
    ) == [(known, "youtube", None, None, 0)]
    assert database.read(b"SELECT count(*) FROM viralforge.post_metrics_history") == [(0,)]
    assert warehouse.rollups.check() == []
    assert warehouse.erase_post(known).total == 0


def test_a_post_never_seen_is_kept_out_by_its_platform_and_id(warehouse, database) -> None:
    with pytest.raises(InvalidInput, match="platform and external id"):
        warehouse.erase_post(uuid4())
    assert warehouse.erase_post("x", "20").kind == "post"
    warehouse.save_scraped_post({"platform": "twitter", "external_id": "20", "title": "back"})
    assert database.read(b"SELECT title FROM viralforge.scraped_posts") == [(None,)]
    assert list(warehouse.sql("SELECT * FROM v_posts")) == []
    warehouse.sql("INSERT INTO daily_rollup VALUES ('2026-01-01', 'twitter', 1, 0, 0, 0, 0)")
    assert warehouse.rollups.rebuild() == 1
    assert warehouse.rollups.check() == []
    assert list(warehouse.sql("SELECT * FROM v_daily_scraping_stats")) == []


def test_posts_of_an_erased_author_are_turned_away_however_they_come(warehouse, database, tmp_path) -> None:
    warehouse.save_scraped_post(post(1))
    assert warehouse.erase_author("youtube", AUTHOR).rows["scraped_posts"] == 1
    assert refused(warehouse, post(2)) == "author_erased"
    assert refused(warehouse, post(3, author_id=None, author=NAME.upper())) == "author_erased"
    assert refused(warehouse, post(4, author=None)) == "author_erased"
    another = post(5, author_id="UCanother")
    saved = warehouse.bulk_save_scraped_posts([post(6), another, post(7)])
    assert (len(saved), saved.new, saved.rejected, saved.unchanged) == (3, 1, 2, 0)
    nobodys = warehouse.save_scraped_post(post(8, author=None, author_id=None))
    assert refused(warehouse, post(8, observed_at=NOW + timedelta(seconds=9))) == "author_erased"
    many = [post(number, author=None) for number in range(100, 300)]
    assert warehouse.bulk_save_scraped_posts(many).rejected == 200
    payload = {"kind": "youtube#video", "id": f"{7:011}", "snippet": {"channelId": AUTHOR, "title": "t"}}
    for _ in range(2):
        report = warehouse.ingest_payloads([payload])
        assert (report.read, report.rejected, report.rejected_by_reason) == (1, 1, {"author_erased": 1})
    (tmp_path / "one.json").write_text(json.dumps(payload))
    assert warehouse.ingest(tmp_path / "one.json").rejected == 1
    assert database.read(b"SELECT count(*) FROM viralforge.rejections") == [(0,)]
    assert {row[0] for row in warehouse.sql("SELECT id FROM v_posts")} == {saved[1], nobodys}
    assert refused(warehouse, post(2) | {"platform": "youtube"}) == "author_erased"
    warehouse.save_scraped_post({"platform": "reddit", "external_id": "1", "author_id": AUTHOR})


def test_an_author_is_found_by_name_unless_several_go_by_it(warehouse) -> None:
    warehouse.save_scraped_post(post(1))
    assert warehouse.erase_author("youtube", NAME.lower()).rows["scraped_posts"] == 1
    assert refused(warehouse, post(2, author="Another name")) == "author_erased"
    for number in (3, 4):
        warehouse.save_scraped_post(post(number, author="Twin", author_id=f"UCtwin-{number}"))
    with pytest.raises(InvalidInput, match="UCtwin-3, UCtwin-4"):
        warehouse.erase_author("youtube", "@Twin")
    assert warehouse.erase_author("youtube", "UCtwin-3").rows["scraped_posts"] == 1
    assert warehouse.erase_author("x", "nobody-knows").rows["scraped_posts"] == 0
    assert (
        refused(warehouse, {"platform": "x", "external_id": "20", "author": "Nobody-Knows"})
        == "author_erased"
    )
