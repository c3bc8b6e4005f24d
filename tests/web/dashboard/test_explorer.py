"""The explorer over posts and the page of one: how many there are, what of them is shown, the way back."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from viralforge.web.dashboard import explorer


def test_the_explorer_says_how_many_posts_there_are(read, world) -> None:
    for query, where in [
        ("days=all", {}), ("days=all&platform=tiktok", {"platform": "tiktok"}),
        ("days=all&type=video&sort=reach", {"content_type": "video"}), ("days=all&q=a", {"words": "a"}),
    ]:  # fmt: skip
        shown = read(f"/content?{query}").css_first("#found .counted").text()
        assert shown == f"{world.warehouse.views.count('v_posts', where):,} posts"
    week = read("/content?days=7").css_first("#found .counted").text()
    [[found]] = world.warehouse.sql(
        "SELECT count(*) FROM v_posts WHERE scraped_at >= date_trunc('day', now(), 'UTC') - interval '6 days'"
    )
    assert week == f"{found:,} posts"


def test_many_posts_are_counted_up_to_a_bound_and_one_by_its_name(server, warehouse, monkeypatch) -> None:
    monkeypatch.setattr(explorer, "MOST_COUNTED", 2)
    with server.client() as client:
        said = []
        for number in range(4):
            page = LexborHTMLParser(client.get("/content").text)
            said += [each.text() for each in page.css("#found .counted")]
            warehouse.save_scraped_post({"platform": "x", "external_id": str(20 + number), "title": "A"})
    assert said == ["1 post", "2 posts", "More than 2 posts"]


def test_a_later_page_leads_back_to_the_first(read) -> None:
    first = read("/content?days=90&sort=views")
    assert first.css_first("[rel=first]") is None
    later = read(first.css_first("[rel=next]").attributes["href"])
    assert later.css_first("[rel=first]").attributes["href"] == "/content?days=90&sort=views"
    assert later.css_first(".counted").text() == first.css_first(".counted").text()
    astray = read("/content?days=90&cursor=none")
    assert astray.css_first("[rel=first]").attributes["href"] == "/content?days=90"


def test_a_post_is_shown_with_its_latest_readings_and_how_many_there_are(server, warehouse, monkeypatch):
    monkeypatch.setattr("viralforge.web.dashboard.things._MOST_READINGS", 3)
    seen = [f"2026-03-0{day}T00:00:00Z" for day in range(1, 6)]
    post = {"platform": "x", "external_id": "20", "title": "A post"}
    [*_, identity] = warehouse.bulk_save_scraped_posts(
        post | {"observed_at": at, "likes": 10 * number} for number, at in enumerate(seen)
    )
    monkeypatch.setattr("viralforge.analytics.posts.Posts.history", None)
    with server.client() as client:
        found = LexborHTMLParser(client.get(f"/posts/{identity}").text)
    shown = [each.attributes["datetime"][:10] for each in found.css("#readings tbody time")]
    assert shown == ["2026-03-05", "2026-03-04", "2026-03-03"]
    assert len(found.css("#numbers tbody tr")) == 3
    assert "The latest 3 of 5 sightings" in found.css_first("#readings .panel").text()
