"""Each generated sentence held against the passages that it cites: it passes, its citation is mended, or it goes.

live, sentences, gate; rules (numbers, numbers_by_town, names, negation, roles), then coverage.
"""
