"""The dashboard as one file: nothing to load, nothing that leads nowhere; and as a letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cli.conftest import Run
from viralforge.warehouse import DataWarehouse


def test_a_report_holds_the_answers_and_every_page_and_loads_nothing(
    run: Run, read_world: str, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    ran = run("report", "--week", "--output", file)
    assert (ran.code, ran.out) == (0, "")
    text = file.read_text(encoding="utf-8")
    found = LexborHTMLParser(text)
    assert not re.search(
        r"(?:src|href)=[\"']?(?!data:,)[^\"' >]", re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    )
    with DataWarehouse.open(read_world) as warehouse:
        told = [answer.sentence for answer in warehouse.answers.all()]
    assert [each.text() for each in found.css(".sentence")] == told
    titles = [each.text() for each in found.css(".part-title")]
    assert titles == [
        "Today",
        "Content",
        "Hashtags and trends",
        "Scraping",
        "Trend quality",
        "Agents",
        "Users",
    ]
    assert found.css_first("#posts-by-day tbody tr") and not found.css_first("#furthest")


def test_a_letter_has_neither_scripts_nor_styles_of_its_own(run: Run, read_world: str) -> None:
    ran = run("report", "--month", "--email", "--url", "https://warehouse.example/")
    assert ran.code == 0
    found = LexborHTMLParser(ran.out)
    assert not found.css("script, style, link, svg, img")
    assert len(ran.out.encode()) < 100_000
    assert {each.attributes["href"].split("/")[2] for each in found.css("a")} == {"warehouse.example"}
    assert run("report", "--email").out.count("<a ") == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--week", "--month"], "choose one"), (["--platform", "myspace"], "platform"), (["--url",
        "nowhere"], "--url"),
        (["--output", "/nowhere/report.html"], "/nowhere/report.html: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(run: Run, read_world: str, options: list[str], said: str) -> None:
    ran = run("report", *options)
    assert ran.code != 0 and said in ran.err
