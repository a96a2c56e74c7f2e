"""What an installation saves, in SQLite or PostgreSQL.

To read: database (connections, migrations), opinions (what people thought of an answer), retention (masked, then erased
after so many days), backup (the whole database in a file, and back). `accounts/` has tables of its own in it.
"""
