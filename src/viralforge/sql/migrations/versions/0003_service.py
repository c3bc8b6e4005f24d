"""What the service needs: user agents, the secret behind the erased, and what is to be forwarded."""

from viralforge.db.migrate import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
