"""Saved results -> French text: `labels` (names and numbers), `terminal` and `against` (what commands print), `tables`
and `generated_table` (docs/evaluation.md, README), `report`, `sections`, `svg` (the HTML page), `publish` (/fiabilite).
"""
