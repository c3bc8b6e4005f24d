"""Erasing people and posts, and telling people what is held, from the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.cli.conftest import Run, in_terminal
from viralforge.warehouse import DataWarehouse

EVENT = {"event_name": "page_viewed", "event_type": "view", "user_id": "u1"}
POST = {
    "platform": "youtube", "external_id": "dQw4w9WgXcQ", "author": "Soup", "author_id": "UCsoup",
    "title": "Soup", "views": 7,
}  # fmt: skip


def test_an_erasure_ends_with_a_receipt(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_events([EVENT, EVENT])
    found = run("erase-user", "u1", "--json", "--yes").document
    assert found["stores"] == found["stores"] | {"app_events": 2, "users": 1, "crew_executions": 0}
    assert found["total"] == 3
    assert "u1" not in found["reference"] + found["erased_at"]
    again = run("erase-user", "u1", "--yes")
    assert found["reference"] in again.out
    assert again.out.split()[-2:] == ["all", "0"]
    assert "Nothing of it was here: look at how it is written" in again.err
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.answers.agents(max_age=timedelta(hours=1))
    worked_out = run("erase-user", "u1", "--yes")
    assert (worked_out.out.split()[-1], "Nothing of it was here" in worked_out.err) == ("1", True)


def test_a_person_is_asked_before_a_user_is_erased(empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        asked = in_terminal("erase-user", "u1", typed="n\n")
        assert asked.code == 1
        assert "for good?" in asked.out
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(1,)]
        assert in_terminal("erase-user", "u1", typed="y\n").code == 0
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(0,)]


def test_a_user_without_an_id_is_told_so(run: Run, empty_world: str) -> None:
    ran = run("erase-user", " ", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "user_id" in ran.err


def test_where_nobody_can_be_asked_nobody_is_erased(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        refused = run("erase-user", "u1")
        assert (refused.code, "say --yes" in refused.err) == (1, True)
        assert list(warehouse.sql("SELECT count(*) FROM app_events")) == [(1,)]


def test_the_receipt_of_an_erased_author_is_verified_and_a_changed_one_is_not(
    run: Run, empty_world: str, tmp_path: Path
) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        known = warehouse.save_scraped_post(POST)
    ran = run("erase-author", "yt", "UCsoup", "--json", "--yes")
    assert ran.document["stores"]["scraped_posts"] == 1
    assert "UCsoup" not in ran.out
    file = tmp_path / "receipt.json"
    file.write_text(ran.out)
    assert run("receipt", str(file)).out.startswith("Valid: author ")
    file.write_text(ran.out.replace('"author"', '"post"'))
    changed = run("receipt", str(file), "--json")
    assert (changed.code, changed.document["valid"]) == (1, False)
    shown = run("post", str(known))
    assert (shown.code, "an erased post" in shown.out) == (0, True)


def test_what_is_no_receipt_is_told(run: Run, empty_world: str, tmp_path: Path) -> None:
    for content, said in (("{}", "no receipt"), ("x", "no JSON")):
        (tmp_path / "file").write_text(content)
        ran = run("receipt", str(tmp_path / "file"))
        assert (ran.code, said in ran.err) == (1, True)
    assert "No such file" in run("receipt", str(tmp_path / "none")).err


def test_a_post_is_erased_by_its_id_or_by_its_platforms(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        known = warehouse.save_scraped_post(POST)
    assert run("erase-post", str(known), "--yes", "--json").document["stores"]["scraped_posts"] == 1
    again = run("erase-post", "youtube", POST["external_id"], "--yes")
    assert (again.code, "none" in again.out) == (0, True)
    never = run("erase-post", "00000000-0000-0000-0000-000000000001", "--yes")
    assert (never.code, "platform and external id" in never.err) == (1, True)


def test_an_export_is_one_document_for_its_owner_alone(run: Run, empty_world: str, tmp_path: Path) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        warehouse.save_scraped_post(POST)
    shown = run("export-user", "u1").document
    file = tmp_path / "u1.json"
    assert run("export-user", "u1", "--output", str(file), "--json").document == {"output": str(file)}
    assert json.loads(file.read_text()) == shown
    assert file.stat().st_mode & 0o777 == 0o600
    assert [event["event_name"] for event in shown["events"]] == ["page_viewed"]
    posts = run("export-author", "youtube", "UCsoup").document["posts"]
    assert [post["title"] for post in posts] == ["Soup"]
    assert run("export-user", "u1", "--output", str(tmp_path)).code == 1
    assert run("export-user", " ", "--output", str(file)).code == 1
    assert json.loads(file.read_text()) == shown
    assert [found.name for found in tmp_path.iterdir()] == ["u1.json"]
    assert run("export-user", "u1", "--output", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


def test_a_user_is_forgotten_while_the_numbers_stay(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        warehouse.track_event(EVENT)
        found = run("anonymise-user", "u1", "--yes", "--json").document
        assert (found["kind"], found["stores"]["app_events"]) == ("anonymous user", 1)
        assert list(warehouse.sql("SELECT count(*) FROM app_events WHERE user_id LIKE 'anon%'")) == [(1,)]
    assert run("erasures").out == "None was broken off.\n"


def test_erasures_that_were_broken_off_end_with_their_receipts(run: Run, empty_world: str) -> None:
    with DataWarehouse.open(empty_world) as warehouse:
        for user in ("u1", "u2"):
            warehouse.track_event(EVENT | {"user_id": user})
            warehouse._user_store.erase(user)  # all that is done in the database's one transaction
        told = run("erasures")
        assert told.out.startswith("2 erasures taken up and done.\n")
        assert told.out.count("reference") == 2
        warehouse._user_store.erase("u3")
        (receipt,) = run("erasures", "--json").document
        assert warehouse.verify_receipt(receipt)
        assert run("erasures", "--json").document == []
