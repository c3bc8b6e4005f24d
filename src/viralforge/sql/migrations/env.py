"""Alembic's way in: runs inside the transaction of `viralforge.db.migrate`, on its connection."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="viralforge")
context.run_migrations()
