"""A second process that reads and prepares while this one writes: parsing costs as much as storing."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator
from typing import IO, Any

from viralforge.errors import WarehouseError
from viralforge.ingest.capture import Captures, Source, Tell
from viralforge.ingest.prepare import How, Prepared, prepared

_START = "from viralforge.ingest.reader import main; main()"
_YOUNG = 100_000
"""Objects that are made before the collector looks for cycles: rows have none, and are many."""


def prepared_apart(source: Source, how: How, tell: Tell) -> Generator[Prepared, None, Any]:
    """What `prepared` yields of the source, run in a process of its own; returns what the source returns.

    `source` must be picklable. What it tells and what it raises arrives here. Raises WarehouseError if the
    process is killed.
    """
    if not sys.executable:  # Python within another program
        return (yield from _prepared_here(source, how, tell))
    command = [sys.executable, "-P", "-c", _START]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    # A session of its own, so that Ctrl-C reaches this process alone, which then ends that one.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    ) as process:
        assert process.stdin and process.stdout
        try:
            pickle.dump((source, how), process.stdin)
            process.stdin.close()
            return (yield from _received(process.stdout, tell))
        except (EOFError, pickle.UnpicklingError):
            raise WarehouseError(
                f"the reading process was ended from outside (status {process.wait()}); is memory short?"
            ) from None
        except BaseException:
            process.kill()
            raise


def _received(stream: IO[bytes], tell: Tell) -> Generator[Prepared, None, Any]:
    while True:
        kind, content = pickle.load(stream)  # noqa: S301 - from our own process
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
        source, how = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
        try:
            for message in _messages(source, how, stream):
                _send(stream, message)
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more


def _messages(source: Source, how: How, stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    def tell(*progress: Any) -> None:
        _send(stream, ("told", progress))

    steps = _prepared_here(source, how, tell)
    try:
        while True:
            yield "prepared", next(steps)
    except StopIteration as end:
        yield "returned", end.value
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other process raises it
        yield "raised", error if _can_be_sent(error) else WarehouseError(f"reading failed: {error!r}")


def _send(stream: IO[bytes], message: tuple[str, Any]) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _can_be_sent(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - just pickled
    except Exception:  # noqa: BLE001 - an exception can be of any class, with any constructor
        return False
    return True
