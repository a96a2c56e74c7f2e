"""Other ways to search, on the same questions: `peers`, `langchain_tutorial`, `compare` (all in one table), `ablation`
(each side of the search), `outside_corpus` (our search on a set that it was not fitted on).
"""
