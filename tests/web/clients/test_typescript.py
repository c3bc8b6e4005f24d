"""The TypeScript client: its documented examples in an app, its types, and what happens when things fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.web.clients.flaky import flaky_way
from tests.web.conftest import Served
from viralforge import DataWarehouse
from viralforge.web.app import create_app

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
README = (ROOT / "clients" / "typescript" / "README.md").read_text(encoding="utf-8")
FRONT = (ROOT / "README.md").read_text(encoding="utf-8")
EVERYTHING = Path(__file__).with_name("everything.ts")
COMPILER_OPTIONS = {
    "target": "ES2022", "module": "ESNext", "moduleResolution": "Bundler", "strict": True, "noEmit": True,
    "types": ["node"],
}  # fmt: skip


class App:
    """An app that has the client among its packages."""

    def __init__(self, folder: Path, client: Path, server: Served) -> None:
        self.folder, self._bin = folder, client / "node_modules" / ".bin"
        self._environment = os.environ | {
            "VIRALFORGE_URL": server.url, "VIRALFORGE_API_KEY": server.keys["admin"],
        }  # fmt: skip
        (folder / "node_modules").mkdir()
        (folder / "node_modules" / "viralforge").symlink_to(client)
        (folder / "node_modules" / "@types").symlink_to(client / "node_modules" / "@types")
        (folder / "node_modules" / "undici-types").symlink_to(client / "node_modules" / "undici-types")
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER_OPTIONS}))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text)

    def faults(self) -> str:
        """What the compiler finds wrong."""
        return subprocess.run(
            [self._bin / "tsc", "-p", "."], cwd=self.folder, capture_output=True, text=True, timeout=110
        ).stdout

    def run(self, name: str, **environment: str) -> str:
        """What a program prints."""
        ran = subprocess.run(
            [self._bin / "tsx", name], cwd=self.folder, env=self._environment | environment,
            capture_output=True, text=True, timeout=110,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def app(tmp_path: Path, typescript: Path, server: Served) -> App:
    """An app beside a running server."""
    return App(tmp_path, typescript, server)


def shown(page: str, language: str) -> str:
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


def test_the_documented_examples_compile_and_run_as_printed(app: App, warehouse: DataWarehouse):
    app.write("services/dataWarehouse.ts", shown(PAGE, "ts"))
    app.write("examples.ts", shown(PAGE, "typescript"))
    app.write("readme.ts", shown(README, "typescript"))
    app.write("front.ts", shown(FRONT, "typescript"))
    assert app.faults() == ""
    saved, *hashtags, best = app.run("examples.ts").splitlines()
    assert saved == "Saved post 5cd6213d-2e90-b8cb-be8b-5dab10494180"
    assert hashtags[0] == "#80s: 3" and len(hashtags) == 3
    assert best == "Rick Astley - Never Gonna Give You Up 0.015083"
    video = warehouse.posts.find("youtube", "dQw4w9WgXcQ")
    assert (video.raw_json, video.scrape_source, video.published_at.year) == ({}, "crew_ai", 2009)
    assert len(warehouse.posts.history(video.id)) == 2
    assert [float(row.relevance_score) for row in warehouse.trends.sources("Eighties revival")] == [
        0.95, 0.87, 0.76,
    ]  # fmt: skip
    [run] = warehouse.crews.executions()
    assert (run.user_id, run.status, str(run.cost_usd)) == ("u1", "completed", "0.045000000")
    assert warehouse.sql("SELECT event_name, properties FROM app_events")[0] == (
        "trend_discovery", {"platform": "youtube", "niche": "AI tools"},
    )  # fmt: skip
    assert app.run("front.ts").strip() == FRONT.partition("saveScrapedPost(video)); // ")[2].split()[0]
    assert app.run("readme.ts") == "5cd6213d-2e90-b8cb-be8b-5dab10494180 0.015086\n"


def test_every_verb_speaks_camel_case_and_leaves_payloads_alone(app: App, warehouse: DataWarehouse):
    app.write("everything.ts", EVERYTHING.read_text())
    assert app.faults() == ""
    said = json.loads(app.run("everything.ts"))
    report = said.pop("report")
    assert report["rejectedByReason"] == {"unknown_shape": 1} and report["read"] == 1
    assert said.pop("event")[14] == "7"
    assert said == {
        "run": said["run"], "calls": 1, "job": said["job"], "imported": 1, "user": [True, False],
        "saved": [2500, 2500, 0, 0], "post": ["7", {"snake_case": 7}], "payload": {"some_thing": 1},
        "replayed": 1, "page": None, "hashtags": [], "deleted": [True, False, 2499],
        "refused": [422, 1000, "/1203/views", "bad_number"], "stranger": 401,
        "nowhere": [None, "http://127.0.0.1:9 does not answer; is viralforge serve running?"],
    }  # fmt: skip
    kept = {"snake_case": {"camelCase": 1}}
    assert warehouse.sql("SELECT output_data FROM crew_executions")[0] == (kept,)
    assert warehouse.sql("SELECT count(*) FROM app_events WHERE properties = '{\"snake_case\": 1}'")[0] == (
        1,
    )


WRONG = {
    "await wh.saveScrapedPost({ platform: 'x' });": "'externalId' is missing",
    "await wh.saveScrapedPost({ platform: 'x', externalId: '1', veiws: 1 });": "'veiws' does not exist",
    "await wh.recordMetricsSnapshot(7, { views: 1 });": "not assignable to parameter of type 'string'",
    "await wh.ask('/v1/posts/worst');": "is not assignable to parameter of type",
    "await wh.ask('/v1/posts/{post_id}');": "Expected 2 arguments",
    "(await wh.ask('/v1/posts/top')).rows[0]!.engagement_rate;": "Did you mean 'engagementRate'",
}


def test_what_is_wrong_does_not_compile(app: App):
    lines = ["import { dataWarehouse as wh } from 'viralforge';", *WRONG]
    app.write("wrong.ts", "\n".join(lines))
    faults = app.faults()
    for number, (line, fault) in enumerate(WRONG.items(), 2):
        found = [each for each in faults.splitlines() if each.startswith(f"wrong.ts({number},")]
        assert found and fault in faults, (line, faults)


LOST = """
import { dataWarehouse as wh } from 'viralforge';
await VERB;
"""


def test_an_answer_lost_on_the_way_does_nothing_twice(app: App, server: Served, warehouse: DataWarehouse):
    verbs = {
        "wh.createTrend({ title: 'a' })": "trends",
        "wh.trackEvent({ eventName: 'a', eventType: 'b' })": "app_events",
        "wh.bulkSaveScrapedPosts([{ platform: 'x', externalId: 20, observedAt: new Date(1772366400000) }])":
            "post_metrics_history",
    }  # fmt: skip
    for verb, table in verbs.items():
        app.write("lost.ts", LOST.replace("VERB", verb))
        with flaky_way(server.url) as way:
            way.faults = ["lose", 503, 429, "lose"]
            app.run("lost.ts", VIRALFORGE_URL=way.url)
            assert len(way.asked) == 5 and len({key for _, key in way.asked}) == 1
        assert warehouse.sql(f"SELECT count(*) FROM {table}")[0] == (1,)


def test_posts_that_would_be_other_sightings_are_not_sent_again(app: App, server: Served, warehouse):
    verb = "wh.bulkSaveScrapedPosts([{ platform: 'x', externalId: 20 }]).catch((e) => console.log(e.status))"
    app.write("lost.ts", LOST.replace("VERB", verb))
    with flaky_way(server.url) as way:
        way.faults = [503, "lose"]
        assert app.run("lost.ts", VIRALFORGE_URL=way.url) == "null\n"
    assert warehouse.sql("SELECT count(*) FROM post_metrics_history")[0] == (1,)


def test_the_document_and_the_types_are_what_the_app_makes(
    tmp_path: Path, typescript: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    document: Any = json.loads((ROOT / "clients" / "openapi.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(create_app().openapi())), "make clients"
    subprocess.run(
        [typescript / "node_modules" / ".bin" / "tsx", "generate.ts", tmp_path / "api.ts"],
        cwd=typescript, check=True, timeout=110,
    )  # fmt: skip
    assert (tmp_path / "api.ts").read_text() == (typescript / "src" / "api.ts").read_text(), "make clients"


def test_the_client_needs_no_other_package(typescript: Path):
    package = json.loads((typescript / "package.json").read_text())
    assert "dependencies" not in package
    assert "resolved" not in (typescript / "package-lock.json").read_text()
