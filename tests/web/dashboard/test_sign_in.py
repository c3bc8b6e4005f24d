"""Who may look: a session opened by a key, closed with it, and forms that only our own pages can send."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.web.conftest import Served
from viralforge.errors import WarehouseError
from viralforge.web.access import FRESH_SECONDS
from viralforge.web.dashboard.signed import CSRF, SESSION


@pytest.fixture
def visitor(server: Served) -> Iterator[httpx.Client]:
    """A browser that has no key."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def sign_in(visitor: httpx.Client, key: str, back: str = "/", **more: str) -> httpx.Response:
    visitor.get("/sign-in")
    fields = {"csrf": visitor.cookies.get(CSRF, ""), "key": key, "back": back} | more
    return visitor.post("/sign-in", data=fields)


def test_who_is_not_signed_in_is_led_to_the_form_and_back(visitor, server) -> None:
    led = visitor.get("/scraping?days=7")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?back=%2Fscraping%3Fdays%3D7")
    given = sign_in(visitor, server.keys["read"], "/scraping?days=7")
    assert (given.status_code, given.headers["location"]) == (303, "/scraping?days=7")
    cookie = next(each for each in given.headers.get_list("set-cookie") if each.startswith(SESSION))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and server.keys["read"] not in cookie
    assert visitor.get("/scraping").status_code == 200


@pytest.mark.parametrize("key", ["", "vf_1_wrong", "nonsense", "x" * 5_000])
def test_a_wrong_key_opens_nothing(visitor, key) -> None:
    assert sign_in(visitor, key).status_code == 403
    assert SESSION not in visitor.cookies
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize("scope", ["write", "write:events"])
def test_a_key_that_may_not_read_opens_nothing(visitor, server, scope) -> None:
    assert sign_in(visitor, server.keys[scope]).status_code == 403


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/x"]
)
def test_nobody_is_led_elsewhere(visitor, server, back) -> None:
    assert sign_in(visitor, server.keys["read"], back).headers["location"] == "/"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/pictures"])
@pytest.mark.parametrize("wrong", ["token", "origin"])
def test_a_form_that_another_page_sends_is_refused(visitor, server, path, wrong) -> None:
    sign_in(visitor, server.keys["read"])
    token = "x" * 43 if wrong == "token" else visitor.cookies[CSRF]
    headers = {"Sec-Fetch-Site": "cross-site"} if wrong == "origin" else {}
    fields = {"csrf": token, "key": server.keys["read"], "pictures": "yes"}
    assert visitor.post(path, data=fields, headers=headers).status_code == 403
    assert visitor.get("/").status_code == 200


def test_who_reads_sees_no_ids_of_users_and_no_keys(visitor, server) -> None:
    sign_in(visitor, server.keys["read"])
    assert 'id="furthest"' not in visitor.get("/users").text
    assert 'id="keys"' not in visitor.get("/system").text
    for path in ("/export/users/furthest.csv", "/tiles/users/furthest", "/export/system/keys.json"):
        assert visitor.get(path).status_code == 404
    with server.client("admin") as admin:
        assert 'id="keys"' in admin.get("/system").text
        assert admin.get("/export/users/furthest.csv").status_code == 200


def test_a_session_ends_with_its_key(visitor, server, warehouse) -> None:
    sign_in(visitor, server.keys["read"])
    assert visitor.get("/").status_code == 200
    warehouse.keys.revoke(int(server.keys["read"].split("_")[1]))
    assert warehouse.keys.signed_in(visitor.cookies[SESSION]) is None
    assert FRESH_SECONDS <= 5


def test_who_signs_out_is_out(visitor, server, warehouse) -> None:
    sign_in(visitor, server.keys["read"])
    token = visitor.cookies[SESSION]
    assert visitor.post("/sign-out", data={"csrf": visitor.cookies[CSRF]}).status_code == 303
    visitor.cookies.set(SESSION, token)
    assert visitor.get("/").status_code == 303
    assert warehouse.keys.signed_in(token) is None


def test_only_hashes_of_sessions_are_kept_and_old_ones_are_forgotten(visitor, server, warehouse) -> None:
    sign_in(visitor, server.keys["read"])
    [(kept,)] = warehouse.sql("SELECT token_hash FROM web_sessions")
    assert visitor.cookies[SESSION].encode() not in bytes(kept)
    assert warehouse.keys.forget_sessions() == 0
    warehouse.sql("UPDATE web_sessions SET expires_at = now() - interval '1 second'")
    assert warehouse.keys.forget_sessions() == 1


def test_a_warehouse_without_keys_is_open_to_its_own_machine_alone(server, warehouse) -> None:
    warehouse.sql("DELETE FROM api_keys")
    with httpx.Client(base_url=server.url, timeout=30) as visitor:
        assert visitor.get("/", headers={"Host": "warehouse.example"}).status_code in (303, 403)


def test_cookies_that_are_none_are_counted_and_good_ones_are_remembered(visitor, server) -> None:
    for number in range(3):
        visitor.cookies.set(SESSION, f"none{number}")
        assert visitor.get("/").status_code == 303
    visitor.cookies.clear()
    sign_in(visitor, server.keys["read"])
    with server.client("admin") as admin:
        keys = admin.get("/export/system/keys.json").json()["rows"]
    assert next(key for key in keys if key["name"] == "read")["last_used_at"] is not None


def test_a_form_that_is_too_long_is_refused_before_it_is_read(server) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        head = f"POST /sign-in HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 40000000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 20_000)
        assert connection.recv(1_000).startswith(b"HTTP/1.1 413")


def test_an_error_of_one_question_spoils_no_page(server, monkeypatch) -> None:
    def broken(*_args, **_more):
        raise WarehouseError("canceling statement due to statement timeout")

    for where in (
        "usage.Usage.by_day",
        "answers.Answers.went_viral",
        "system.System.jobs",
        "funnel.Funnel.conversion",
    ):
        monkeypatch.setattr(f"viralforge.analytics.{where}", broken)
    with server.client("admin") as admin:
        for path in ("/", "/users"):
            answer = admin.get(path)
            assert answer.status_code == 200
            assert "statement timeout" in answer.text
