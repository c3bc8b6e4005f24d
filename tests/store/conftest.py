"""What the tests of the writers share."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.store.reading", "tests.store.oracle", "tests.store.plain", "tests.store.crowd"
)
