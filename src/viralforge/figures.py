"""Values as people read them: short numbers, shares, money and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

UNKNOWN = "–"
_MINUS = "−"
_THOUSANDS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k"))
_SIZES = ((2**40, "TB"), (2**30, "GB"), (2**20, "MB"), (2**10, "kB"))
_AGES = ((86_400, "d"), (3_600, "h"), (60, "min"))
_LONGEST_AGE = timedelta(days=60)

Number = int | float | Decimal


def short(number: Number | None) -> str:
    """A number in three or four characters.

    >>> short(950), short(1_402_331), short(52_900), short(999_950), short(Decimal("2.5")), short(None)
    ('950', '1.4M', '52.9k', '1.0M', '2.5', '–')
    """
    if number is None:
        return UNKNOWN
    return _scaled(number, _THOUSANDS, "")


def whole(number: Number | None) -> str:
    """A number in full.

    >>> whole(1402331)
    '1,402,331'
    """
    return UNKNOWN if number is None else _signed(f"{number:,.0f}")


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "file"), counted(1200, "post")
    ('1 file', '1,200 posts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Bytes.

    >>> size(900), size(191_234_000)
    ('900 B', '182.4 MB')
    """
    return _scaled(number, _SIZES, " ") + (" B" if abs(number) < 2**10 else "")


def percent(share: Number | None) -> str:
    """A share of 1.

    >>> percent(Decimal("0.0523")), percent(0.0004), percent(1), percent(None)
    ('5.2%', '0.04%', '100%', '–')
    """
    if share is None:
        return UNKNOWN
    number = float(share) * 100
    places = 0 if abs(number) >= 99.95 or abs(number) < 0.005 else 2 if abs(number) < 0.1 else 1
    return _signed(f"{number:,.{places}f}%") if places or abs(number) > 1 else "0%"


def change(share: Number | None) -> str:
    """Growth as a share of what was before.

    >>> change(0.5), change(-0.25)
    ('+50.0%', '−25.0%')
    """
    return f"+{percent(share)}" if share is not None and share >= 0.00005 else percent(share)


def usd(amount: Number | None) -> str:
    """Money in US dollars.

    >>> usd(Decimal("1234.5")), usd(Decimal("0.013498")), usd(0)
    ('$1,234.50', '$0.0135', '$0.00')
    """
    if amount is None:
        return UNKNOWN
    places = 2 if abs(float(amount)) >= 1 or not amount else 4
    return ("−$" if amount < 0 else "$") + f"{abs(amount):,.{places}f}"


def times(multiple: Number | None) -> str:
    """A multiple.

    >>> times(12.345), times(Decimal("2412.4"))
    ('12.3×', '2,412×')
    """
    return UNKNOWN if multiple is None else f"{multiple:,.{0 if multiple >= 100 else 1}f}×"


def decimals(number: Number | None) -> str:
    """A small number with two places."""
    return UNKNOWN if number is None else _signed(f"{number:,.2f}")


def per_hour(velocity: Number | None) -> str:
    """Relative growth per hour.

    >>> per_hour(0.05)
    '+5.0%/h'
    """
    return UNKNOWN if velocity is None else f"{change(velocity)}/h"


def lasting(milliseconds: Number | None) -> str:
    """A length of time.

    >>> lasting(850), lasting(12_345), lasting(200_000)
    ('850 ms', '12.3 s', '3.3 min')
    """
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = float(milliseconds) / 1000
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:,.1f} min"


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago a moment was; its date once that is more than 60 days.

    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> ago(noon - timedelta(hours=30), noon), ago(noon - timedelta(seconds=20), noon)
    ('1 d ago', 'just now')
    """
    if moment is None:
        return UNKNOWN
    passed = (now or datetime.now(UTC)) - moment
    if abs(passed) > _LONGEST_AGE:
        return f"{moment:%Y-%m-%d}"
    seconds = abs(passed).total_seconds()
    for length, unit in _AGES:
        if seconds >= length:
            return (
                f"{seconds // length:.0f} {unit} ago"
                if passed > timedelta(0)
                else f"in {seconds // length:.0f} {unit}"
            )
    return "just now"


def _scaled(number: Number, units: Sequence[tuple[int, str]], space: str) -> str:
    for unit, name in units:
        # Rounding must not make 1,000.0k of what is nearly a million.
        if abs(float(number)) >= unit * 0.99995:
            return _signed(f"{float(number) / unit:,.1f}{space}{name}")
    return _signed(f"{number:,.0f}" if number == int(number) else f"{number:,.1f}")


def _signed(text: str) -> str:
    return text.replace("-", _MINUS)
