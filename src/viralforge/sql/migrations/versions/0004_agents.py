"""What the runs of agents need: keys under which facts come once, tokens by kind, who found what, prices."""

from viralforge.db.migrate import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Runs the SQL file of the same name."""
    run_sql_beside(__file__)
