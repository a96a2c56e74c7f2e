"""The labelled questions and sentences of `data/`: `records` reads a file, then `questions` (the evaluation set),
`training`, `two_topics`, `gate_sentences`; `noise` mistypes questions, `overlap` and `validate` check the set itself.
"""
