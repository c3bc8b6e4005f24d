"""Which post it is: canonical external ids, and the id derived from them.

Both are frozen: stored ids, archives and shards depend on them.
"""

from __future__ import annotations

import re
from hashlib import sha256
from uuid import UUID

from viralforge.errors import InvalidPost

PLATFORMS = ("youtube", "twitter", "instagram", "tiktok", "reddit")
ALIASES = {"x": "twitter", "x.com": "twitter", "yt": "youtube", "ig": "instagram"}
MAX_EXTERNAL_ID = 255

_SPREADSHEET = re.compile(
    r"#NAME\?|#VALUE!|#REF!|#N/A|[+-]?\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+|\d{15,}\.0", re.ASCII
)
_EXPONENT = re.compile(r"[0-9]+[eE][0-9]+")
"""A damaged number on platforms whose ids are digits; a true id on Reddit, where one in 1,400 looks so."""
_SHORTCODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CANONICAL = {
    "youtube": re.compile(r"[A-Za-z0-9_-]{11}"),
    "twitter": re.compile(r"[1-9][0-9]{0,19}"),
    "tiktok": re.compile(r"[1-9][0-9]{0,19}"),
    "reddit": re.compile(r"[a-z0-9]{1,13}"),
    "instagram": re.compile(r"[A-Za-z_-][A-Za-z0-9_-]{0,63}"),
}
"""What is surely canonical as it stands, so that nothing else needs to be looked at."""
_INSTAGRAM_PK = re.compile(r"([0-9]{15,20})(?:_[0-9]+)?")
_GRAPH_ID = re.compile(r"1[78][0-9]{15}")


def platform_name(value: object) -> str:
    """The platform's name in the warehouse; aliases such as `x` are accepted.

    >>> platform_name("X")
    'twitter'
    """
    if isinstance(value, str) and value in PLATFORMS:
        return value
    name = value.strip().lower() if isinstance(value, str) else ""
    name = ALIASES.get(name, name)
    if name not in PLATFORMS:
        raise InvalidPost("bad_value", f"{value!r:.80} is not one of {', '.join(PLATFORMS)}", "platform")
    return name


def post_id(platform: str, external_id: str) -> UUID:
    """The id of a post: the first 16 bytes of SHA-256(platform, 0x1F, external_id).

    The same as `viralforge.post_id(platform, external_id)` in SQL. Both arguments must be canonical.

    >>> post_id("youtube", "dQw4w9WgXcQ")
    UUID('5cd6213d-2e90-b8cb-be8b-5dab10494180')
    """
    return UUID(hex_id(platform, external_id))


def hex_id(platform: str, external_id: str) -> str:
    """The same id as 32 hexadecimal digits, in a third of the time.

    >>> hex_id("youtube", "dQw4w9WgXcQ")
    '5cd6213d2e90b8cbbe8b5dab10494180'
    """
    return sha256(f"{platform}\x1f{external_id}".encode()).hexdigest()[:32]


def canonical_external_id(platform: str, value: object) -> str:
    """The one form in which a platform's id is stored: text, stripped, never out of a float.

    Reddit loses its `t3_`, a numeric Instagram pk becomes the shortcode. Raises InvalidPost
    (`missing_id`, `damaged_id`).

    >>> canonical_external_id("reddit", "t3_18wabcd")
    '18wabcd'
    """
    if isinstance(value, str) and (form := _CANONICAL.get(platform)) and form.fullmatch(value):
        return value
    if isinstance(value, float):
        raise InvalidPost("damaged_id", f"{value!r} came as a float, which has lost digits", "external_id")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidPost("missing_id", f"{value!r:.80} is no id", "external_id")
    found = str(value).strip()
    if not found:
        raise InvalidPost("missing_id", "the id is blank", "external_id")
    digits_only = platform in ("twitter", "tiktok")
    if _SPREADSHEET.fullmatch(found) or (digits_only and _EXPONENT.fullmatch(found)):
        raise InvalidPost(
            "damaged_id", f"{found[:80]!r} was damaged by a spreadsheet; export ids as text", "external_id"
        )
    if len(found) > MAX_EXTERNAL_ID or not found.isprintable() or " " in found or "/" in found:
        raise InvalidPost("damaged_id", f"{found[:80]!r} is not an id", "external_id")
    if digits_only and _CANONICAL[platform].fullmatch(found) is None:
        raise InvalidPost("damaged_id", f"{found[:80]!r} is not made of digits", "external_id")
    if platform == "reddit":
        return found.removeprefix("t3_")
    if platform == "instagram":
        return _instagram(found)
    return found


def _instagram(found: str) -> str:
    if _GRAPH_ID.fullmatch(found):
        raise InvalidPost(
            "missing_id", f"{found} is a Graph API id; ask the API for shortcode or permalink", "external_id"
        )
    if pk := _INSTAGRAM_PK.fullmatch(found):
        return shortcode(int(pk[1]))
    return found


def shortcode(pk: int) -> str:
    """The Instagram shortcode of a numeric media pk: the number in base 64.

    >>> shortcode(1)
    'B'
    """
    letters = ""
    while pk:
        pk, rest = divmod(pk, 64)
        letters = _SHORTCODE[rest] + letters
    return letters
