"""What alarms need: what each act of collecting brought of every field, and which shapes were turned away."""

from viralforge.db.migrate import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
