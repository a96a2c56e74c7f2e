"""Queries executed on the lists and the plan of the document alone: no search, no similarity.

execute (the one executor), result (rows with the lines that prove them), tell leads to the words of each kind of
result: tell_fiches, tell_partners, tell_plan, tell_names, tell_checks, tell_compare.
"""
