"""One frozen Settings, read from the environment at the doors and passed down."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from viralforge.errors import ConfigurationError


def _data_dir() -> Path:
    if given := os.environ.get("XDG_DATA_HOME"):
        return Path(given) / "viralforge"
    if os.geteuid() == 0:
        # The embedded server gives up root's rights, and root's home is closed to everybody else.
        return Path("/var/lib/viralforge")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "viralforge"
    return Path.home() / ".local" / "share" / "viralforge"


class Settings(BaseSettings):
    """What can be set, each by `VIRALFORGE_<NAME>`; `DATABASE_URL` is read as it is usually written.

    `database_url=None` means the embedded PostgreSQL under `data_dir`.
    `event_values` is what one event of a name is worth in USD (`{"clip_generation": 2.5}`); empty
    means "not priced".

    >>> Settings(pool_size=4).pool_size
    4
    """

    model_config = SettingsConfigDict(
        env_prefix="VIRALFORGE_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("database_url", "VIRALFORGE_DATABASE_URL", "DATABASE_URL")
    )
    data_dir: Path = Field(default_factory=_data_dir)

    @field_validator("data_dir", mode="before")
    @classmethod
    def _named(cls, given: object) -> object:
        if not str(given).strip():
            raise ValueError("is empty; name a directory")
        return given

    pool_size: int = Field(default=20, ge=1, le=100)
    batch_size: int = Field(default=10_000, ge=1, le=100_000)
    event_values: dict[str, Decimal] = Field(default_factory=dict)
    viral_percentile: float = Field(default=0.99, gt=0, lt=1)
    viral_author_multiple: float = Field(default=10, ge=1)
    viral_author_posts: int = Field(default=5, ge=1)


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment, with explicit values in front; None leaves a value to the environment.

    Raises ConfigurationError naming the variable and what it must be.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except SettingsError:
        # The only one that is written as JSON.
        raise ConfigurationError(
            'VIRALFORGE_EVENT_VALUES: not a JSON object; write {"clip_generation": 2.5}'
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        name, *inside = map(str, first["loc"])
        name = name.upper()
        name = name if name == "DATABASE_URL" or name.startswith("VIRALFORGE_") else f"VIRALFORGE_{name}"
        said = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(": ".join([name, *inside[:1], said])) from None
