"""A follow-up and the turns before it -> self-standing queries.

resolve leads; memory (what the turns before leave), edits (how a turn changes the last query).
"""
