"""Whatever was scraped is shown as text: no mark-up, no script, no link to anything but a web page."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from viralforge.model.ids import post_id

TEXTS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE scraped_posts; --",
    "{{ 7 * 7 }}{% raw %}", "\u202egnp.exe\u202c", "A" * 10_000, "😀" * 3_000, "a\u0301" * 400,
    "</title></head>",
    "&lt;b&gt;", "\u0000nul", "שלום עולם",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_stays_text(server, warehouse, text) -> None:
    post = {
        "platform": "youtube", "external_id": "hostile00001", "title": text, "description": text,
        "author": text[:200],
        "hashtags": [text[:100]], "category": text[:200], "views": 5_000, "likes": 10,
        "url": "javascript:alert(1)",
        "thumbnail_url": "javascript:alert(1)", "raw_json": {"text": text},
    }  # fmt: skip
    warehouse.save_scraped_post(post)
    run = warehouse.log_crew_execution(
        {
            "crew_type": text[:200] or "x",
            "status": "failed",
            "start_time": "2026-01-01T00:00:00Z",
            "error_message": text,
        }
    )
    warehouse.log_crew_calls([
        {"crew_execution_id": run, "kind": "tool", "name": text[:200], "agent": text[:200], "started_at":
         "2026-01-01T00:00:00Z", "ok": False, "error": text},
    ])  # fmt: skip
    trend = warehouse.create_trend({"title": text[:500], "description": text, "hashtags": [text[:100]]})
    identity = post_id("youtube", "hostile00001")
    warehouse.link_trend_to_sources(trend, [identity])
    warehouse.refresh_popular_content()
    plain = " ".join(text.replace("\x00", "").split())[:100]
    with server.client() as client:
        client.cookies.set("pictures", "yes")
        for path in ("/", "/content?days=all", f"/posts/{identity}", f"/trends/{trend}", f"/runs/{run}",
        "/agents?days=all",
                     "/hashtags", "/quality"):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code == 200, path
            found = LexborHTMLParser(answer.text)
            assert {each.attributes.get("src", "")[:8] for each in found.css("script")} == {"/static/"}
            assert found.css("img") == []
            for each in found.css("*"):
                assert not [name for name in each.attributes if name.startswith("on")]
            for link in re.findall(r'(?:href|src)="([^"]*)"', answer.text):
                assert link.startswith(("/", "https://", "http://", "data:,", "#")), link
        title = LexborHTMLParser(client.get(f"/posts/{identity}").text).css_first("h1").text()
        assert " ".join(title.split())[:100].strip() == plain.strip()


def test_a_link_to_a_web_page_says_that_it_leads_elsewhere(server, warehouse) -> None:
    post = {"platform": "x", "external_id": "20", "url": "https://x.com/a/status/20", "title": "A post"}
    identity = warehouse.save_scraped_post(post)
    with server.client() as client:
        [link] = [
            each for each in LexborHTMLParser(client.get(f"/posts/{identity}").text).css("main a")
            if each.attributes["href"].startswith("https:")
        ]  # fmt: skip
    assert link.attributes["rel"] == "noopener noreferrer nofollow"


def test_pictures_are_shown_only_to_who_asked_for_them(server, warehouse) -> None:
    picture = "https://i.ytimg.com/vi/dQw4w9WgXcQ/hq720.jpg"
    warehouse.save_scraped_post(
        {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "title": "A", "thumbnail_url": picture}
    )
    with server.client() as client:
        without = client.get("/content")
        client.cookies.set("pictures", "yes")
        shown = client.get("/content")
    assert picture not in without.text and "https:" not in without.headers["content-security-policy"]
    assert picture in shown.text and "https:" in shown.headers["content-security-policy"]


def test_a_sheet_takes_no_text_for_a_formula(server, warehouse) -> None:
    warehouse.save_scraped_post({"platform": "x", "external_id": "20", "title": "=cmd|' /C calc'!A0"})
    with server.client() as client:
        assert "'=cmd|" in client.get("/export/posts.csv").text
