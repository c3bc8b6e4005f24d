"""Writes the table of routes in docs/http.md anew, from the OpenAPI document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from viralforge.web.app import create_app

PAGE = Path(__file__).parents[2] / "docs" / "http.md"
BEGIN, END = "<!-- routes: written by make clients -->\n", "<!-- end of routes -->\n"


def table(document: dict[str, Any]) -> str:
    """A line for each route, by subject."""
    lines = ["| route | what it does |", "|---|---|"]
    for tag in document["tags"]:
        lines += [
            f"| `{method.upper()} {path}` | {operation['summary']} |"
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if operation["tags"] == [tag["name"]]
        ]
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """The page with the table as it should be."""
    between = f"{BEGIN}\n{table(create_app().openapi())}\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _found: between, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
