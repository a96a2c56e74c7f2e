"""The steps that bring a database to today's tables, run by Alembic; shipped in the package, applied by `Database`."""
