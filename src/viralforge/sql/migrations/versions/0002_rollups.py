"""Rollups for hashtags, growth, the funnel and what trends brought, and the deltas that keep them."""

from viralforge.db.migrate import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
