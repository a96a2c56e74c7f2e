"""Weights learned from labelled questions, and the file of each written for the assistant: `fit` is where to begin.

`examples` (questions with their vectors and evidence), `ranking` (sides of the search), `classifier` and `decisions`,
`quotes`, `cutoff` (a yes or no with its level), `two_topics` and `gate` (which use it), `adapter` (of the encoder).
"""
