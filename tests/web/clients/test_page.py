"""The Python that docs/clients.md shows runs against a real server."""

from __future__ import annotations

import re
from pathlib import Path

from tests.web.conftest import Served

PAGE = Path(__file__).parents[3] / "docs" / "clients.md"


def test_what_the_page_shows_in_python_runs(server: Served, warehouse, capsys):
    [block] = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert "http://127.0.0.1:8400" in block and "vf_…" in block
    exec(block.replace("http://127.0.0.1:8400", server.url).replace("vf_…", server.keys["admin"]), {})
    assert capsys.readouterr().out == "0.011429 1\n"
    assert warehouse.sql("SELECT count(*) FROM scraped_posts")[0] == (20_001,)
