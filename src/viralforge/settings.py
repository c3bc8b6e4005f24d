"""One frozen Settings, read from the environment at the doors and passed down."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
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


class TermsRule(BaseModel):
    """What a platform's terms ask of posts fetched in one way; None asks nothing.

    Numbers not read again for `statistics_days` are removed, texts and authors after `content_days`; what
    the platform says is deleted goes within `deleted_hours`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    statistics_days: int | None = Field(default=None, ge=1, le=36_500)
    content_days: int | None = Field(default=None, ge=1, le=36_500)
    deleted_hours: int | None = Field(default=None, ge=1, le=8_760)


_Platform = Literal["youtube", "twitter", "instagram", "tiktok", "reddit"]
_Via = Literal["official_api", "scraper", "export"]


class Settings(BaseSettings):
    """What can be set, each by `VIRALFORGE_<NAME>`; `DATABASE_URL` is read as it is usually written.

    `database_url=None` means the embedded PostgreSQL under `data_dir`.
    `event_values` is what one event of a name is worth in USD (`{"clip_generation": 2.5}`); empty
    means "not priced".

    `phase_rising`,
    `phase_peak` and `phase_decay` are relative growth per hour from which a post is in that phase.

    `pool_wait_seconds` is how long a caller waits for a connection before it is told that there is none.

    Of the server: `spool_dir` keeps events while the database is away, None refuses them for so long.
    `trusted_proxies` may say in X-Forwarded-For whose request it is, and in `country_header` from which
    country; without that header `country_table`, None for the one that comes along, tells it.
    `request_seconds` is how long a request may go on without another byte of it, `max_body_bytes` how long
    its body may be, `max_events` how many events may be in one, `max_waiting_events` how many may wait for
    a commit before more are refused. `cors_origins` are the pages that may send events. Rates
    (`600/minute`) hold for each worker.

    Of agents: what is recorded of their runs waits in `facts_dir` for the database, None for a folder in
    `data_dir`; `crew_budgets` is what all runs of a crew type may spend a day (UTC), in USD;
    `cache_max_bytes` is how much the answers of platforms may take that are kept for whoever asks again.

    `fetchers` names, as `module:function`, who reads posts again for the worker: `viralforge recollect`.

    `posthog_host` and `posthog_key`, both or none, are where events are forwarded to.

    Of retention: how many days things stay in the database as they came. Then posts not seen for
    `keep_posts_days` give up their raw content, months of readings are thinned to one a day, and months of
    readings, events and calls move whole; all of it goes to the archive at `archive_url` (a folder, or
    `s3://bucket/prefix`). None is a folder in `data_dir` for the embedded PostgreSQL, and no archive for any
    other. Rejections are deleted. 36,500 days is for good.

    `terms` are the platforms' terms by platform and the way in which a post was fetched, in front of the
    defaults (docs/terms.md): `{"youtube": {"official_api": {"statistics_days": 14}}}`; null is under none.
    What is not read again in time is removed daily with `enforce_terms` alone.

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
    pool_wait_seconds: float = Field(default=30, gt=0)
    batch_size: int = Field(default=10_000, ge=1, le=100_000)
    event_values: dict[str, Decimal] = Field(default_factory=dict)
    viral_percentile: float = Field(default=0.99, gt=0, lt=1)
    viral_author_multiple: float = Field(default=10, ge=1)
    viral_author_posts: int = Field(default=5, ge=1)
    phase_rising: float = Field(default=0.05, gt=0)
    phase_peak: float = Field(default=0.005, gt=0)
    phase_decay: float = Field(default=0.0005, gt=0)

    spool_dir: Path | None = None
    trusted_proxies: list[str] = Field(default_factory=list)
    country_header: str | None = None
    country_table: Path | None = None
    cors_origins: list[str] = Field(default_factory=lambda: ["*"])
    rate_per_key: str = "60000/minute"
    rate_per_address: str = "6000/minute"
    max_body_bytes: int = Field(default=64 * 1024**2, ge=1024)
    max_events: int = Field(default=1_000, ge=1, le=10_000)
    max_waiting_events: int = Field(default=50_000, ge=1)
    request_seconds: float = Field(default=60, gt=0)

    @field_validator("rate_per_key", "rate_per_address")
    @classmethod
    def _a_rate(cls, given: str) -> str:
        import limits  # where the defaults hold it is not needed

        try:
            limits.parse(given)
        except ValueError:
            raise ValueError(f"{given!r} is no rate; write 600/minute") from None
        return given

    facts_dir: Path | None = None
    crew_budgets: dict[str, Decimal] = Field(default_factory=dict)
    cache_max_bytes: int = Field(default=2**30, ge=0)

    fetchers: str | None = None
    archive_url: str | None = None
    archive_s3_endpoint: str | None = None
    archive_s3_region: str = "us-east-1"
    archive_s3_access_key: str | None = None
    archive_s3_secret_key: SecretStr | None = None
    keep_posts_days: int = Field(default=90, ge=1, le=36_500)
    thin_history_days: int = Field(default=90, ge=1, le=36_500)
    keep_history_days: int = Field(default=365, ge=31, le=36_500)
    keep_events_days: int = Field(default=365, ge=31, le=36_500)
    keep_calls_days: int = Field(default=365, ge=31, le=36_500)
    keep_rejections_days: int = Field(default=90, ge=1, le=36_500)

    enforce_terms: bool = False
    terms: dict[_Platform, dict[_Via, TermsRule | None]] = Field(default_factory=dict)

    posthog_host: str | None = None
    posthog_key: SecretStr | None = None


_AS_JSON = {
    "event_values": '{"clip_generation": 2.5}', "trusted_proxies": '["10.0.0.0/8"]',
    "cors_origins": '["https://app.example"]', "crew_budgets": '{"discovery": 5}',
    "terms": '{"youtube": {"official_api": {"statistics_days": 30}}}',
}  # fmt: skip


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment, with explicit values in front; None leaves a value to the environment.

    Raises ConfigurationError naming the variable and what it must be.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except SettingsError as error:
        named = next((name for name in _AS_JSON if f'"{name}"' in str(error)), "event_values")
        raise ConfigurationError(f"VIRALFORGE_{named.upper()}: not JSON; write {_AS_JSON[named]}") from None
    except ValidationError as error:
        first = error.errors()[0]
        name, *inside = map(str, first["loc"])
        name = name.upper()
        name = name if name == "DATABASE_URL" or name.startswith("VIRALFORGE_") else f"VIRALFORGE_{name}"
        said = first["msg"].removeprefix("Value error, ")
        deep = 3 if name.endswith("_TERMS") else 1
        raise ConfigurationError(": ".join([name, *inside[:deep], said])) from None
