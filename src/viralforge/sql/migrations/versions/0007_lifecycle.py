"""What the archive, retention and erasures need to remember."""

from viralforge.db.migrate import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
