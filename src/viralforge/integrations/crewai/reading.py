"""Tools with which an agent asks the warehouse before it asks, and pays, a platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from crewai.tools import BaseTool
from pydantic import BaseModel, Field, PrivateAttr

from viralforge.agents import brief
from viralforge.errors import ViralForgeError
from viralforge.integrations.crewai.recording import recording
from viralforge.warehouse import DataWarehouse

Platform = Literal["youtube", "twitter", "x", "instagram", "tiktok", "reddit"]


class _OnPlatform(BaseModel):
    platform: Platform | None = Field(None, description="Only this platform; all if left out.")


class _TookOff(_OnPlatform):
    times: float = Field(3, gt=1, description="How many times its reach a post must have now.")
    hours: float = Field(24, gt=0, description="Within how many hours.")


class _Post(BaseModel):
    platform: Platform
    external_id: str = Field(description="The platform's own id, as other answers show it.")


class _Search(_OnPlatform):
    query: str = Field(description="Words, as in a search engine.")
    hashtag: str | None = Field(None, description="Only posts with this hashtag.")
    forms: str | None = Field(None, description="A language, such as en, whose word forms count too.")


class _Topic(BaseModel):
    topic: str = Field(description="A topic or a hashtag.")


class _Reading(BaseTool):
    """Answers in few words; what cannot be asked is told to the agent, and breaks nothing."""

    _ask: Callable[..., str] = PrivateAttr()

    def _run(self, **asked: Any) -> str:
        try:
            return self._ask(**asked)
        except ViralForgeError as error:
            return f"The warehouse cannot answer: {error}"


def reading_tools(warehouse: DataWarehouse | None = None) -> list[BaseTool]:
    """The tools with which agents read the warehouse; None: the one that records.

    Raises ConfigurationError where nothing records.

    >>> with DataWarehouse.open() as warehouse:
    ...     [tool.name for tool in reading_tools(warehouse)][:2]
    ['warehouse_trending_hashtags', 'warehouse_top_posts']
    """
    asked = warehouse or recording()

    def post_history(platform: str, external_id: str) -> str:
        return brief.post_history(asked, (platform, external_id))

    return [
        _tool("trending_hashtags", "The hashtags of the last 7 days.", _OnPlatform,
              lambda **given: brief.trending_hashtags(asked, **given)),
        _tool("top_posts", "The posts with the widest reach of the last 7 days.", _OnPlatform,
              lambda **given: brief.top_posts(asked, **given)),
        _tool("took_off", "The posts whose reach grew fast.", _TookOff,
              lambda **given: brief.took_off(asked, **given)),
        _tool("post_history", "How a post's numbers went.", _Post, post_history),
        _tool("search", "Searches the posts that are stored already, for free.", _Search,
              lambda **given: brief.search_posts(asked, **given)),
        _tool("what_is_known", "What is stored about a topic, and how fresh; ask this first.", _Topic,
              lambda **given: brief.what_is_known(asked, **given)),
    ]  # fmt: skip


def _tool(name: str, says: str, schema: type[BaseModel], ask: Callable[..., str]) -> BaseTool:
    tool = _Reading(name=f"warehouse_{name}", description=says, args_schema=schema)
    tool._ask = ask
    return tool
