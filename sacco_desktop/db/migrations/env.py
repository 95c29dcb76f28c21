"""Alembic's entry: runs the steps on the connection that migrate.py opened, inside its transaction."""

from alembic import context

from sacco_desktop.db.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite cannot change a column where it stands.
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
