"""Questions -> scores. In reading order: `sets` (the labelled questions), `scoring` (answers -> figures, and the
regression bars), `baselines` (other ways of searching), `generated` (the generated engine), `reporting` (tables and
report), `fitting` (weights learned from the questions), `performance` (times, load, memory). `cli` is the one door,
`results` reads and writes `results/`, `answers` shows that a change of the code changed no answer.
"""
