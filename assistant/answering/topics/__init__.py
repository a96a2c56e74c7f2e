"""A topic -> the fiche that deals with it, the decision to answer, and the quotes that answer.

topic and reading (what is sought), decide (by features; two_topics by clauses), answer; quotes (what may be quoted of a
fiche), choose_quotes (which of them answer); claims corrects a holder taken for granted, out_of_scope knows what no
fiche holds.
"""
