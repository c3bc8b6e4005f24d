"""What the dashboard needs: who is signed in, and runs and calls by their time."""

from viralforge.db.migrate import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
