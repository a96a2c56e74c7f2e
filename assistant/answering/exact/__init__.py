"""Answers computed from the parsed document: lists, look-ups over all fiches, the plan, wrong claims."""
