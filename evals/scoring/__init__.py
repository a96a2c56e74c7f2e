"""Answers -> figures. In reading order: `grade` (one answer), `rows` (one question), `reference` and
`quotes_standing` (the document that answers are compared with), `metrics`, `calibration`, `intervals`, `figures` (all
of a run), `robustness` (hasty typing), `unsupported` (generated answers), `bars` (regression), `evaluation` (a run).
"""
