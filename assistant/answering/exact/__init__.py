"""Answers computed from the parsed document alone: no search, no similarity. A function for each kind of request.

facts (fiches named by number), over_fiches, names, ranking, plan; claims corrects what a question takes for granted.
"""
