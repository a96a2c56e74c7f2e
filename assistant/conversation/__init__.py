"""A follow-up and the turns before it -> self-standing queries.

resolve leads; subject (is the turn new?), edits (how it changes the last query), memory (what the turns before leave).
"""
