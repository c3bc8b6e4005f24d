"""The subjects that can be asked, all of one warehouse."""

from __future__ import annotations

from viralforge.analytics.answers import Answers
from viralforge.analytics.costs import Costs
from viralforge.analytics.crews import Crews
from viralforge.analytics.funnel import Funnel
from viralforge.analytics.hashtags import Hashtags
from viralforge.analytics.impact import Impact
from viralforge.analytics.kept import KeptRows
from viralforge.analytics.posts import Posts
from viralforge.analytics.runs import Runs
from viralforge.analytics.scraping import Scraping
from viralforge.analytics.search import Search
from viralforge.analytics.system import System, sql_of
from viralforge.analytics.trends import Trends
from viralforge.analytics.usage import Usage
from viralforge.analytics.views import Views
from viralforge.db.limits import limited
from viralforge.db.pool import Database
from viralforge.settings import Settings


class Subjects:
    """What a warehouse lends: each subject answers questions of its own, `answers` the seven most asked.

    The annotations are what the HTTP API makes its routes from.
    """

    posts: Posts
    hashtags: Hashtags
    trends: Trends
    scraping: Scraping
    funnel: Funnel
    search: Search
    crews: Crews
    runs: Runs
    costs: Costs
    impact: Impact
    usage: Usage
    answers: Answers
    views: Views
    kept: KeptRows
    system: System

    sql_of = staticmethod(sql_of)
    limited = staticmethod(limited)

    def __init__(self, database: Database, settings: Settings) -> None:
        self.posts = Posts(database, settings)
        self.hashtags = Hashtags(database)
        self.trends = Trends(database)
        self.scraping = Scraping(database, settings)
        self.funnel = Funnel(database)
        self.search = Search(database)
        self.crews = Crews(database)
        self.runs = Runs(database)
        self.costs = Costs(database)
        self.impact, self.usage = Impact(database), Usage(database)
        self.answers = Answers(database, settings)
        self.views = Views(database)
        self.kept, self.system = KeptRows(database), System(database)
