"""What the service needs: user agents, erasure, what is forwarded, and answers to what may come again."""

from viralforge.db.migrate import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
