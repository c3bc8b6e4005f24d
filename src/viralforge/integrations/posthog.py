"""Sends what was captured to a PostHog: in order, until it has arrived, under the events' own ids."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import orjson

from viralforge.errors import ConfigurationError, WarehouseError
from viralforge.model.outbox import WaitingEvent
from viralforge.settings import Settings

if TYPE_CHECKING:
    from viralforge.warehouse import DataWarehouse

MOST_EVENTS, MOST_BYTES = 500, 4 * 2**20
"""In one request, the bytes before they are packed: PostHog takes 20 MB, its own clients send 5."""
LONGEST_WAIT, LONGEST_ASKED = 300, 3_600
"""Seconds between two tries: as we go about it, and as PostHog may ask for."""
QUOTA_WAIT, DATABASE_WAIT, LOOK_SECONDS = 600, 5, 1
"""Seconds to the next try: with PostHog's quota used up, with the database away, and when all was sent."""
IN_VAIN = 10
"""So many refusals in a row, with nothing taken, are no fault of the events."""
_TIMEOUT = httpx.Timeout(30, connect=10)
_MOST_REPLY = 64 * 1024
_NAMES = {"page_view": "$pageview", "page_leave": "$pageleave", "screen_view": "$screen"}
_OF_A_PAGE = {"path": "$pathname", "referrer": "$referring_domain"}


class Verdict(NamedTuple):
    """What became of a request: `kind` is taken, later, refused or wrong; `wait` in seconds, if asked for."""

    kind: str
    said: str = ""
    wait: float | None = None


@dataclass(slots=True)
class Forwarded:
    """What a run did: events sent, events that were gone or not to be sent any more, and events refused.

    `wait` are the seconds to the next try if PostHog was away, `error` says what it met then; `busy` that
    another process is sending.
    """

    sent: int = 0
    dropped: int = 0
    refused: int = 0
    wait: float | None = None
    error: str | None = None
    busy: bool = False


class Forwarder:
    """Sends the outbox of one warehouse, a request at a time."""

    def __init__(self, warehouse: DataWarehouse, settings: Settings) -> None:
        """Raises ConfigurationError where the settings name no PostHog."""
        if settings.posthog_host is None or settings.posthog_key is None:
            raise ConfigurationError(
                "set VIRALFORGE_POSTHOG_HOST, such as https://eu.i.posthog.com, and VIRALFORGE_POSTHOG_KEY, "
                "the project's key"
            )
        self._url = _batch_url(settings.posthog_host)
        self._key = settings.posthog_key.get_secret_value()
        self._outbox = warehouse.outbox
        self._client = httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self._most, self._in_vain = MOST_EVENTS, 0

    def close(self) -> None:
        """Closes the connection to PostHog."""
        self._client.close()

    def drain(self, stop: Event | None = None) -> Forwarded:
        """Sends all that waits, until nothing does, PostHog is away, another process sends, or `stop` is set.

        Raises ConfigurationError where PostHog refuses the key or is not there; what was not sent before
        stays in the outbox then.
        """
        self._outbox.forget_gone()
        done = Forwarded()
        while not (stop and stop.is_set()) and self._step(done):
            pass
        return done

    def run(self, stop: Event, tell: Callable[[Forwarded], None]) -> None:
        """Sends whatever comes, until told to stop; goes on when the database or PostHog is back."""
        while not stop.is_set():
            try:
                done = self.drain(stop)
            except WarehouseError as error:
                done = Forwarded(wait=DATABASE_WAIT, error=str(error))
            tell(done)
            stop.wait(LOOK_SECONDS if done.wait is None else done.wait)

    def _step(self, done: Forwarded) -> bool:
        """Sends the head of the queue; whether there may be more to do at once."""
        with self._outbox.turn(self._most) as turn:
            if turn is None:
                done.busy = True
                return False
            gone = [event for event in turn.events if event.is_gone]
            batch, packed = _packed([event for event in turn.events if not event.is_gone])
            turn.remove(gone)
            done.dropped += len(gone)
            if not batch:
                return bool(gone)
            if batch[0].due_in > 0:
                done.wait, done.error = batch[0].due_in, batch[0].error
                return False
            return self._settle(turn, batch, self._send(packed), done)

    def _settle(self, turn: Any, batch: Sequence[WaitingEvent], verdict: Verdict, done: Forwarded) -> bool:
        first = batch[0]
        if verdict.kind == "taken":
            turn.remove(batch)
            done.sent += len(batch)
            self._most, self._in_vain = min(MOST_EVENTS, self._most * 2), 0
        elif verdict.kind == "later":
            done.wait = _pause(first.attempts) if verdict.wait is None else min(verdict.wait, LONGEST_ASKED)
            done.error = verdict.said
            turn.postpone(first, done.wait, verdict.said)
            return False
        elif verdict.kind == "wrong":
            raise ConfigurationError(f"{verdict.said}; nothing was taken out of the outbox")
        elif len(batch) > 1:
            self._most = len(batch) // 2  # until the one that is refused is alone
        elif self._in_vain >= IN_VAIN:
            raise ConfigurationError(
                f"PostHog refused {IN_VAIN} events one after the other ({verdict.said}): is "
                "VIRALFORGE_POSTHOG_HOST right? viralforge posthog retry gives them another try"
            )
        else:
            turn.bury(first, verdict.said)
            done.refused += 1
            self._in_vain += 1
        return True

    def _send(self, packed: Sequence[bytes]) -> Verdict:
        head = b'{"api_key":' + orjson.dumps(self._key) + b',"batch":['
        body = gzip.compress(head + b",".join(packed) + b"]}", 6, mtime=0)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                said = b""
                for part in response.iter_bytes():
                    said += part
                    if len(said) > _MOST_REPLY:
                        break
            return _verdict(response, said)
        except httpx.RequestError as error:
            return Verdict("later", f"no answer from PostHog: {type(error).__name__}")


def _batch_url(host: str) -> str:
    url = httpx.URL(host)
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(f"VIRALFORGE_POSTHOG_HOST: {host!r} is no address; write https://…")
    return f"{host.rstrip('/')}/batch/"


def _packed(events: Sequence[WaitingEvent]) -> tuple[list[WaitingEvent], list[bytes]]:
    """As many events as one request takes, with their JSON."""
    batch: list[WaitingEvent] = []
    packed: list[bytes] = []
    size = 0
    for event in events:
        found = orjson.dumps(as_posthog(event))
        size += len(found)
        if batch and size > MOST_BYTES:
            break
        batch.append(event)
        packed.append(found)
    return batch, packed


def as_posthog(event: WaitingEvent) -> dict[str, Any]:
    """The event as PostHog takes it; without a user it belongs to its session, and to no person's profile.

    Neither the address nor its hash goes along: `$geoip_disable` keeps PostHog from placing the visitor where
    this server is.
    """
    properties = dict(event.properties or {})
    if event.event_type == "page_view":
        for ours, theirs in _OF_A_PAGE.items():
            if ours in properties:
                properties.setdefault(theirs, properties[ours])
    properties |= {"$lib": "viralforge", "$geoip_disable": True, "event_type": event.event_type}
    known = {
        "$session_id": event.session_id, "platform": event.platform, "$geoip_country_code": event.country,
        "$raw_user_agent": event.user_agent,
    }  # fmt: skip
    for name, value in known.items():
        if value is not None:
            properties.setdefault(name, value)
    if event.user_id is None:
        properties["$process_person_profile"] = False
    return {
        "uuid": str(event.event_id), "event": _NAMES.get(event.event_name, event.event_name),
        "distinct_id": event.user_id or event.session_id or str(event.event_id),
        "timestamp": event.created_at.isoformat(), "properties": properties,
    }  # fmt: skip


def _verdict(response: httpx.Response, body: bytes) -> Verdict:
    status = response.status_code
    if 200 <= status < 300:
        return _acceptance(body)
    said = f"PostHog said {status}"
    if status in (408, 425, 429) or status >= 500:
        return Verdict("later", said, _asked(response.headers.get("Retry-After")))
    if status in (401, 403):
        return Verdict("wrong", f"VIRALFORGE_POSTHOG_KEY: {said} to it")
    if 300 <= status < 400 or status in (402, 404, 405):
        return Verdict("wrong", f"VIRALFORGE_POSTHOG_HOST: {said}, so events are not taken there")
    return Verdict("refused", f"{said}{_reason(body)}")


def _acceptance(body: bytes) -> Verdict:
    """Whether PostHog took the events, which only its own answer says: a portal's page says 200 too."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or said.get("status") not in (1, "Ok", "ok"):
        return Verdict("later", "what answered is no PostHog")
    if said.get("quota_limited"):
        return Verdict("later", "PostHog's quota is used up", QUOTA_WAIT)
    return Verdict("taken")


def _reason(body: bytes) -> str:
    """PostHog's code of the error; its sentence may repeat what the event says of somebody."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    code = said.get("code") if isinstance(said, dict) else None
    return f" ({code[:80]})" if isinstance(code, str) and code else ""


def _asked(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After, which may be a date.

    >>> _asked("7"), _asked(None), _asked("soon")
    (7.0, None, None)
    """
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _pause(attempts: int) -> float:
    """Seconds before the next try: doubled each time, and spread so that senders do not meet."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 20)) * random.uniform(0.5, 1)  # noqa: S311 - no secret
