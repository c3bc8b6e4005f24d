"""Who refuses analytics, or was erased, is named by nothing, through whatever door it comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest

from tests.store.reading import everything
from viralforge.lifecycle.spool import Spool
from viralforge.model.event import AppEvent
from viralforge.warehouse import DataWarehouse

USER = "zz-refuses-4711"
NOW = datetime.now(UTC).isoformat()
NAMED = {"distinct_id": USER, "$user_id": USER, "$set": {"email": USER}, "plan": "pro"}
EVENT = {"event_name": "trend_action", "event_type": "click", "session_id": "s1", "user_id": USER}
RUN = {"crew_type": "discovery", "start_time": NOW, "user_id": USER}
Door = Callable[[DataWarehouse, httpx.Client, Path], object]


def batch(warehouse: DataWarehouse, _client: httpx.Client, _folder: Path) -> None:
    with warehouse.events.batch() as taken:
        taken.track(EVENT | {"properties": NAMED})


def spooled(warehouse: DataWarehouse, _client: httpx.Client, folder: Path) -> None:
    spool = Spool(folder)
    spool.append([warehouse.events.prepare(AppEvent.read(EVENT | {"properties": NAMED}))])
    assert USER in "".join(path.read_text() for path in folder.glob("events-*"))
    assert spool.drain(warehouse.events.insert) == 1


def recorded(warehouse: DataWarehouse, _client: httpx.Client, _folder: Path) -> None:
    with warehouse.crew_run("discovery", user_id=USER) as run:
        run.llm_call("gpt-4o-mini", {"prompt_tokens": 1, "completion_tokens": 1})
    warehouse.accounts.flush()


def changed(warehouse: DataWarehouse, _client: httpx.Client, _folder: Path) -> None:
    number = warehouse.log_crew_execution({"crew_type": "discovery", "start_time": NOW})
    warehouse.update_crew_execution(number, {"user_id": USER})


def patched(warehouse: DataWarehouse, client: httpx.Client, _folder: Path) -> None:
    number = warehouse.log_crew_execution({"crew_type": "discovery", "start_time": NOW})
    assert client.patch(f"/v1/executions/{number}", json={"user_id": USER}).status_code < 300


def posted(path: str, body: object) -> Door:
    def send(_warehouse: DataWarehouse, client: httpx.Client, _folder: Path) -> None:
        answer = client.post(path, content=orjson.dumps(body), headers={"Content-Type": "application/json"})
        assert answer.status_code < 300, answer.text

    return send


def of_posthog(name: str, **more: object) -> dict[str, object]:
    return {"event": name, "distinct_id": USER, "timestamp": NOW, "properties": NAMED} | more


DOORS: dict[str, Door] = {
    "track_event": lambda warehouse, *_: warehouse.track_event(EVENT | {"properties": NAMED}),
    "track_events": lambda warehouse, *_: warehouse.track_events([EVENT | {"properties": NAMED}] * 2),
    "events.batch": batch, "spool": spooled, "crew_run": recorded,
    "log_crew_execution": lambda warehouse, *_: warehouse.log_crew_execution(RUN),
    "update_crew_execution": changed, "POST /v1/executions": posted("/v1/executions", RUN),
    "PATCH /v1/executions": patched, "POST /v1/events": posted("/v1/events", EVENT | {"properties": NAMED}),
    "POST /v1/events of many": posted("/v1/events", [EVENT, EVENT | {"properties": NAMED}]),
    "POST /batch/": posted("/batch/", {"api_key": "any", "batch": [of_posthog("seen")]}),
    "POST /i/v0/e/": posted("/i/v0/e/", of_posthog("seen again")),
    "$identify": posted("/batch/", {"batch": [of_posthog("$identify", **{"$set": {"name": USER}})]}),
    "$create_alias": posted("/batch/", {"batch": [of_posthog("$create_alias")]}),
    "POST /engage/": posted("/engage/", [{"$distinct_id": USER, "$set": {"plan": USER}}]),
}  # fmt: skip


@pytest.mark.parametrize("why", ["refuses", "erased"])
def test_through_no_door_anything_comes_that_names_who_refuses_or_was_erased(
    why, server, admin_client, warehouse, database, tmp_path
) -> None:
    warehouse.add_user(USER, analytics=False)
    if why == "erased":
        warehouse.erase_user(USER)
    for name, door in DOORS.items():
        before = held(warehouse)
        door(warehouse, admin_client, tmp_path / "spool")
        assert held(warehouse) > before, f"{name}: nothing came"
        lines = [line for line in everything(database).splitlines() if USER in line]
        assert lines == ([] if why == "erased" else [line for line in lines if line.startswith(f"({USER},")])
        assert len(lines) <= 1, name
    assert list(warehouse.sql("SELECT 1 FROM v_user_engagement_funnel")) == []


def held(warehouse: DataWarehouse) -> int:
    """How many events and executions there are."""
    asked = "SELECT (SELECT count(*) FROM app_events) + (SELECT count(*) FROM crew_executions)"
    return int(warehouse.sql(asked)[0][0])
