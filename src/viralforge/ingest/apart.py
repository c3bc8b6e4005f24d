"""A second process that reads and prepares while this one writes: parsing costs as much as storing."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from viralforge.errors import WarehouseError
from viralforge.ingest.capture import Captures, Source, Tell
from viralforge.ingest.prepare import How, Prepared, prepared

_START = "from viralforge.ingest.apart import main; main()"
_YOUNG = 100_000
"""Objects that are made before the collector looks for cycles: rows have none, and are many."""


def prepared_apart(source: Source, how: How, tell: Tell) -> Generator[Prepared, None, Any]:
    """What `prepared` yields of the source, run in a process of its own; returns what the source returns.

    `source` must be picklable, and importable from elsewhere than `__main__`. What it tells and what it
    raises arrives here. Raises WarehouseError if the process is ended from outside.
    """
    if not sys.executable or getattr(sys, "frozen", False):  # Python within another program
        return (yield from _prepared_here(source, how, tell))
    command = [sys.executable, "-P", "-c", _START]
    places = [path or str(Path.cwd()) for path in sys.path if isinstance(path, str)]
    # A session of its own, so that Ctrl-C reaches this process alone, which then ends that one.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout
        try:
            with suppress(BrokenPipeError), process.stdin as stream:  # what it could not read it says itself
                pickle.dump((source, how), stream)
            return (yield from _received(process, process.stdout, tell))
        except BaseException:
            process.kill()
            raise


def _received(
    process: subprocess.Popen[bytes], stream: IO[bytes], tell: Tell
) -> Generator[Prepared, None, Any]:
    while True:
        try:
            kind, content = pickle.load(stream)  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError):
            process.kill()
            status = process.wait()
            short = "; is memory short?" if status == -signal.SIGKILL else ""
            raise WarehouseError(
                f"the reading process was ended from outside (status {status}){short}"
            ) from None
        if kind == "told":
            tell(*content)
        elif kind == "prepared":
            yield content
        elif kind == "raised":
            raise content
        else:
            return content


def _prepared_here(source: Source, how: How, tell: Tell) -> Generator[Prepared, None, Any]:
    outcome: list[Any] = []

    def captures() -> Captures:
        outcome.append((yield from source(tell)))

    yield from prepared(captures(), how)
    return outcome[0]


def main() -> None:
    """What the second process does: takes a source from its input, sends what comes of it to its output."""
    gc.set_threshold(_YOUNG, 50, 100)
    with os.fdopen(os.dup(1), "wb") as stream:
        os.dup2(2, 1)  # whatever is printed must not come between
        for message in _messages(stream):
            _send(stream, message)


def _messages(stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    try:
        source, how = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    except Exception as error:  # noqa: BLE001 - an import can raise anything
        where = "it must stand in a module that can be imported, not in __main__"
        yield "raised", WarehouseError(f"the reading process cannot find its source ({error}): {where}")
        return
    steps = _prepared_here(source, how, lambda *progress: _send(stream, ("told", progress)))
    try:
        while True:
            yield "prepared", next(steps)
    except StopIteration as end:
        fault = _unsendable(end.value)
        yield ("returned", end.value) if fault is None else ("raised", fault)
    except GeneratorExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, the other process raises it
        yield "raised", error if _unsendable(error) is None else WarehouseError(f"reading failed: {error!r}")


def _send(stream: IO[bytes], message: tuple[str, Any]) -> None:
    try:
        pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
        stream.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more


def _unsendable(content: Any) -> WarehouseError | None:
    """Why the content cannot be pickled, or not be made again from that; None where it can."""
    try:
        pickle.loads(pickle.dumps(content))  # noqa: S301 - just pickled
    except Exception as error:  # noqa: BLE001 - classes may raise anything there
        return WarehouseError(f"what the source returned cannot be sent: {error}")
    return None
