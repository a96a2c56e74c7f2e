"""Who may log in, and who may do what. Knows nothing of HTTP.

To read: accounts (names, roles, passwords), sessions (open logins), login_attempts (how often one may try), policy
(what a path requires, whether a login is needed), tables (all of it in the database).
"""
