"""A topic -> the fiche that deals with it, the decision to answer, and the quotes that answer.

decide (by features), answer; quotes (what may be quoted of a fiche), choose_quotes (which of them answer).
"""
