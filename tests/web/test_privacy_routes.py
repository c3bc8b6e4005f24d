"""People's rights over HTTP: erasures with receipts, exports, and who may ask for them."""

from __future__ import annotations

import pytest

from viralforge import connect
from viralforge.errors import InvalidPost, UserErased

EVENT = {"event_name": "page_viewed", "event_type": "view", "user_id": "u/1"}
POST = {"platform": "youtube", "external_id": "dQw4w9WgXcQ", "author_id": "UCsoup", "title": "Soup"}
KNOWN = "5cd6213d-2e90-b8cb-be8b-5dab10494180"


def test_users_authors_and_posts_are_erased_with_receipts(admin_client, warehouse) -> None:
    warehouse.track_event(EVENT)
    warehouse.save_scraped_post(POST)
    erased = {
        "user": {"user_id": "u/1"}, "anonymous user": {"userId": "u2", "keepNumbers": True},
        "author": {"platform": "youtube", "author": "UCsoup"}, "post": {"post_id": KNOWN},
    }  # fmt: skip
    for kind, body in erased.items():
        receipt = admin_client.post("/v1/erasures", json=body).json()
        assert receipt["kind"] == kind
        assert warehouse.verify_receipt(receipt)
    assert admin_client.post("/v1/erasures", json={"platform": "x", "external_id": "20"}).status_code == 200
    assert list(warehouse.sql("SELECT id FROM v_posts")) == []
    assert [row[0] for row in warehouse.sql("SELECT id FROM users")] == []
    refused = admin_client.post("/v1/posts", json=POST | {"external_id": "aaaaaaaaaa1"})
    assert (refused.status_code, refused.json()["reason"]) == (409, "author_erased")
    back = admin_client.put("/v1/users/u/1", json={})
    assert (back.status_code, back.json()["type"]) == (409, "urn:viralforge:problem:erased")
    bulk = admin_client.post("/v1/posts/bulk", json=[POST | {"external_id": "aaaaaaaaaa1"}]).json()
    assert (bulk["new"], bulk["rejected"]) == (0, 1)
    assert admin_client.get(f"/v1/posts/{KNOWN}").json()["external_id"] is None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"user_id": "u1", "post_id": KNOWN}, {"author": "a"}, {"platform": "x"}, {"user_id": " "},
        {"platform": "x", "user_id": "u1"}, {"post_id": KNOWN, "keep_numbers": True},
        {"platform": "nowhere", "author": "a"}, [],
    ],
)  # fmt: skip
def test_what_names_nobody_or_several_is_refused(admin_client, body) -> None:
    answer = admin_client.post("/v1/erasures", json=body)
    assert (answer.status_code, answer.json()["title"]) == (422, "The request cannot be taken as it is")


def test_a_post_never_seen_is_not_found_by_its_id(admin_client) -> None:
    answer = admin_client.post("/v1/erasures", json={"post_id": KNOWN})
    assert (answer.status_code, "platform and external id" in answer.json()["detail"]) == (404, True)


def test_an_export_is_a_document(admin_client, warehouse) -> None:
    warehouse.track_event(EVENT)
    warehouse.save_scraped_post(POST)
    assert len(admin_client.get("/v1/exports/users/u%2F1").json()["events"]) == 1
    assert len(admin_client.get("/v1/exports/authors/yt/UCsoup").json()["posts"]) == 1
    assert admin_client.get("/v1/exports/authors/nowhere/UCsoup").status_code == 422


@pytest.mark.parametrize("scope", ["read", "write"])
def test_only_an_admin_may_ask(server, scope) -> None:
    with server.client(scope) as client:
        assert client.post("/v1/erasures", json={"user_id": "u1"}).status_code == 403
        assert client.get("/v1/exports/users/u1").status_code == 403


def test_a_warehouse_far_away_erases_as_one_at_hand(server, warehouse) -> None:
    warehouse.track_event(EVENT)
    warehouse.save_scraped_post(POST)
    with connect(server.url, key=server.keys["admin"]) as remote:
        receipts = [
            remote.anonymise_user("u2"), remote.erase_user("u/1"), remote.erase_author("yt", "UCsoup"),
            remote.erase_post(KNOWN), remote.erase_post("x", "20"),
        ]  # fmt: skip
        with pytest.raises(UserErased, match="a new id"):
            remote.add_user("u/1")
        with pytest.raises(InvalidPost) as refused:
            remote.save_scraped_post(POST | {"external_id": "aaaaaaaaaa1"})
    assert refused.value.reason == "author_erased"
    assert all(warehouse.verify_receipt(receipt.to_dict()) for receipt in receipts)
    assert [receipt.rows.get("app_events") for receipt in receipts] == [0, 1, None, None, None]
