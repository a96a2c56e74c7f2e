"""Queries (`assistant.understanding.query`) executed on the lists of the document, and told in French.

execute (result), then tell: tell_fiches, tell_partners, tell_plan, tell_names, tell_checks, tell_compare; paraphrase
says a query (condition_words); topic hands one that has a topic to the search.
"""
