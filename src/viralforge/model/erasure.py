"""Who or what is erased, how it is recognised in texts, and what signs the receipt."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

Kind = Literal["user", "anonymous user", "author", "post"]
_WORD = re.compile(r"[\w-]+")
_SHORTCODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is erased; kept until all stores are done with it.

    `key` is the user's id, the author's id or name, or the post's external id. Of an author and a post
    `post_ids` are the posts, with their `external_ids`; of an author `names` are all that the posts gave.
    `pseudonym` is the id that an anonymous user's rows have from now on, None of all others.
    """

    kind: Kind
    key: str
    platform: str | None = None
    author_id: str | None = None
    names: tuple[str, ...] = ()
    post_ids: tuple[UUID, ...] = ()
    external_ids: tuple[str, ...] = ()
    pseudonym: str | None = None

    def with_posts(self, found: Iterable[tuple[UUID, str | None, str | None]]) -> Subject:
        """The subject with further posts, each as its id, its external id and its author's name."""
        ids, externals, names = (
            dict.fromkeys(self.post_ids),
            dict.fromkeys(self.external_ids),
            set(self.names),
        )
        for known, external, name in found:
            ids[known] = None
            if external is not None:
                externals[external] = None
            if self.kind == "author" and name is not None:
                names.add(name)
        return replace(self, post_ids=(*ids,), external_ids=(*externals,), names=(*sorted(names),))

    def to_json(self) -> str:
        """The subject as text."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Subject:
        """The subject that was written so.

        >>> subject = Subject("post", "dQw4w9WgXcQ", "youtube", post_ids=(UUID(int=1),))
        >>> Subject.from_json(subject.to_json()) == subject
        True
        """
        given = json.loads(text)
        for name in ("names", "external_ids"):
            given[name] = tuple(given[name])
        return cls(**given | {"post_ids": tuple(map(UUID, given["post_ids"]))})

    @property
    def traces(self) -> Traces:
        """What gives the subject away in a text."""
        if self.kind in ("user", "anonymous user"):
            return Traces([self.key])
        known = [form for each in self.external_ids for form in _forms(self.platform, each)]
        if self.kind == "author":
            known += [self.key, *([self.author_id] if self.author_id else []), *self.names]
        return Traces([*known, *map(str, self.post_ids)])


class Traces:
    """Words and phrases to look for in texts and in JSON: whole, in any case.

    >>> found = Traces(["Ada-7"])
    >>> found.are_in('{"by": "ADA-7"}'), found.are_in("/ada-7/"), found.are_in("ada-77")
    (True, True, False)
    """

    def __init__(self, known: Iterable[str]) -> None:
        forms = {form for each in known for form in (each.lower(), json.dumps(each)[1:-1].lower()) if form}
        self._words = {each for each in forms if _WORD.fullmatch(each)} if len(forms) > _MOST else set()
        rest = sorted(forms - self._words)
        self._rest = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, rest))})(?!\w)") if rest else None

    def are_in(self, text: str) -> bool:
        """Whether any of them stands in the text."""
        text = text.lower()
        if self._rest is not None and self._rest.search(text):
            return True
        return bool(self._words) and any(word in self._words for word in _WORD.findall(text))


_MOST = 200
"""Of more than so many, those that are one word are found as words alone: a pattern of them all is slow."""


def _forms(platform: str | None, external_id: str) -> list[str]:
    """How platforms write an id: Reddit with the prefix of posts, Instagram also as a number.

    >>> _forms("reddit", "18wabcd"), _forms("instagram", "B")
    (['18wabcd', 't3_18wabcd'], ['B', '1'])
    """
    if platform == "reddit":
        return [external_id, f"t3_{external_id}"]
    if platform == "instagram" and len(external_id) <= 11 and set(external_id) <= set(_SHORTCODE):
        number = 0
        for letter in external_id:
            number = number * 64 + _SHORTCODE.index(letter)
        return [external_id, str(number)]
    return [external_id]


def signature(document: Mapping[str, Any], secret: bytes) -> str:
    """HMAC-SHA256 over the document as JSON with sorted keys, without its own `signature`.

    >>> signature({"b": 1, "a": 2}, b"s") == signature({"a": 2, "b": 1, "signature": "x"}, b"s")
    True
    """
    signed = {name: value for name, value in document.items() if name != "signature"}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def is_signed(document: Mapping[str, Any], secret: bytes) -> bool:
    """Whether the document's `signature` is the one that the secret gives."""
    given = document.get("signature")
    return isinstance(given, str) and hmac.compare_digest(
        given.encode("utf-8", "replace"), signature(document, secret).encode()
    )
