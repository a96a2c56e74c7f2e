"""The database of an installation and what is kept in it."""
