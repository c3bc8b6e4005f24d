"""Whatever a client of PostHog packs its events in."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
import zlib
from urllib.parse import quote

import pytest
import zstandard

from viralforge.web.posthog.decode import delivery
from viralforge.web.problems import Problem

EVENT = {"event": "seen", "distinct_id": "u1", "properties": {"token": "phc_x", "text": "ä+/=&?"}}
ONE = json.dumps(EVENT).encode()
LIST = json.dumps([EVENT, EVENT]).encode()
BATCH = json.dumps({"api_key": "phc_x", "batch": [EVENT]}).encode()
FORM = "application/x-www-form-urlencoded"
BASE64 = base64.b64encode(ONE)


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (ONE, "application/json", {}),
        (ONE, "text/plain", {}),
        (gzip.compress(ONE, mtime=0), "text/plain", {"compression": "gzip-js"}),
        (gzip.compress(ONE, mtime=0), "application/json", {}),
        (zlib.compress(ONE), "application/json", {}),
        (zstandard.compress(ONE), "application/json", {}),
        (BASE64, "text/plain", {"compression": "base64"}),
        (base64.urlsafe_b64encode(ONE).rstrip(b"="), "text/plain", {}),
        (base64.b64encode(gzip.compress(ONE, mtime=0)), "text/plain", {}),
        (b"data=" + quote(BASE64).encode(), FORM, {"compression": "base64"}),
        (b"data=" + BASE64, f"{FORM}; charset=utf-8", {}),
        (b"data=" + quote(ONE).encode() + b"&ip=1", FORM, {}),
        (b"", "", {"data": BASE64.decode()}),
    ],
)
def test_every_packing_is_read(body: bytes, kind: str, query: dict[str, str]) -> None:
    assert delivery(body, kind, query, 10_000) == ([EVENT], "phc_x")


def test_one_event_a_list_and_a_batch_are_read() -> None:
    assert delivery(ONE, "", {}, 10_000) == ([EVENT], "phc_x")
    assert delivery(LIST, "", {}, 10_000) == ([EVENT, EVENT], "phc_x")
    assert delivery(BATCH, "", {}, 10_000) == ([EVENT], "phc_x")


@pytest.mark.parametrize("place", ["api_key", "token", "$token"])
def test_the_key_is_found_where_clients_put_it(place: str) -> None:
    assert delivery(json.dumps({"event": "e", place: "k"}).encode(), "", {}, 1_000).key == "k"
    assert delivery(b'{"event": "e"}', "", {place: "k"}, 1_000).key == "k"
    assert delivery(b'{"event": "e"}', "", {}, 1_000).key is None


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, zstandard.compress])
def test_a_bomb_is_refused_before_it_grows(pack) -> None:
    bomb = pack(b"[" + b" " * 200_000_000)
    tracemalloc.start()
    with pytest.raises(Problem) as caught:
        delivery(bomb, "text/plain", {}, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.kind == "too-large"
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nonsense!", b"NobwRAdghgtgpmAXGA", b"\x1f\x8b broken", gzip.compress(ONE, mtime=0)[:-9],
        b"\x28\xb5\x2f\xfd??", b"{broken", b'"text"', b"7", b"\xff\xfe", b"x" * 100, b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        delivery(body, "text/plain", {}, 1_000_000)
    assert caught.value.kind == "unreadable"
