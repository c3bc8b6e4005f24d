"""The command that writes the dashboard as one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from viralforge.cli import output
from viralforge.cli.app import ASK, Json, Platform, command, opened
from viralforge.errors import InvalidInput


@command(
    ASK, "viralforge report --week --output report.html",
    "viralforge report --month --platform youtube --email --url https://warehouse.example > letter.html",
)  # fmt: skip
def report(
    context: typer.Context, platform: Platform = None,
    week: Annotated[bool, typer.Option("--week", help="The last 7 days; the usual.")] = False,
    month: Annotated[bool, typer.Option("--month", help="The last 30 days.")] = False,
    json: Json = False,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else it is printed.")
    ] = None,
    email: Annotated[bool, typer.Option("--email", help="Plain enough for a letter: no scripts.")] = False,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the dashboard is served, for the links.")
    ] = None,
) -> None:  # fmt: skip
    """Writes the dashboard as one HTML file that needs nothing else."""
    from viralforge.settings import read_settings
    from viralforge.web.dashboard.asked import read_asked
    from viralforge.web.dashboard.report import written

    if week and month:
        raise InvalidInput("--week and --month: choose one")
    if url is not None and not url.startswith(("http://", "https://")):
        raise InvalidInput(f"--url: {url!r:.80} is none; write https://warehouse.example")
    query = {"days": "30" if month else "7", "platform": platform or ""}
    asked = read_asked(query, {}, sees_users=False, is_admin=False)
    if platform and asked.platform is None:
        raise InvalidInput(f"--platform: {platform!r:.80} is none; write youtube or x")
    with opened(context) as warehouse:
        text = written(warehouse, read_settings(), asked, letter=email, base=url and url.rstrip("/"))
    if file is None:
        if json:
            output.json({"html": text})
        else:
            sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"--output: {file}: {error.strerror}") from None
    size = len(text.encode())
    if json:
        output.json({"file": str(file), "bytes": size})
    else:
        output.say(f"Written to {file} ({size / 1000:,.0f} kB).")
