"""A question -> the queries that it asks (docs/requetes.md). No search, no language model.

cleaning (with self_introduction) first; query is the language; spans (references, question_words) says what is
recognised, model what each is for (learned), compose makes the query, reader leads. paraphrase and condition_words say
a query in French; fiche_filter reads a fiche that is pinned or left out.
"""
