"""The OpenAPI document says all that there is, with examples, and is the one in the repository."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.web import http_page
from viralforge.web.app import create_app

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "clients" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def resolved(document: dict[str, Any], schema: Any) -> Any:
    return {"components": document["components"], **schema}


def test_the_committed_document_is_what_the_command_prints():
    command = [sys.executable, "-m", "viralforge", "openapi"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed == COMMITTED.read_text(encoding="utf-8"), (
        f"run: make clients, which writes {COMMITTED.name}"
    )


def test_the_page_about_http_lists_every_route():
    page = http_page.PAGE.read_text(encoding="utf-8")
    assert http_page.BEGIN in page
    assert page == http_page.with_table(page), "run: make clients"


def test_every_operation_has_a_name_a_summary_and_its_tag_explained(document):
    names = [operation["operationId"] for _at, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    tags = {tag["name"] for tag in document["tags"]}
    for at, operation in operations(document):
        assert len(operation["summary"]) > 5 and operation["description"], at
        assert set(operation["tags"]) <= tags, at
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), at


def test_every_body_and_answer_has_an_example_that_its_schema_allows(document):
    seen = 0
    for at, operation in operations(document):
        told = [operation["requestBody"]] if "requestBody" in operation else []
        for response in operation["responses"].values():
            name = response.get("$ref", "").rpartition("/")[2]
            told.append(document["components"]["responses"][name] if name else response)
        for content in (content for each in told for content in each.get("content", {}).items()):
            kind, body = content
            if kind == "text/plain":
                continue
            validator = jsonschema_rs.validator_for(resolved(document, body["schema"]), validate_formats=True)
            assert "example" in body, f"{at} {kind}"
            faults = [f"{at}: {fault.message}" for fault in validator.iter_errors(body["example"])]
            assert faults == []
            seen += 1
    assert seen > 500


def test_everything_but_health_asks_for_a_key_and_says_how_it_refuses(document):
    for at, operation in operations(document):
        if at in ("GET /healthz", "GET /readyz"):
            continue
        assert operation["security"] == [{"key": []}], at
        assert {"401", "403", "429", "500", "503"} <= set(operation["responses"]), at
        if "{" in at:
            assert "404" in operation["responses"], at
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= set(operation["responses"]), at


def test_fastapis_own_errors_and_pythons_words_are_not_in_it(document):
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    for at, operation in operations(document):
        assert not re.search(r"\bNone\b|Raises", operation["description"]), at
