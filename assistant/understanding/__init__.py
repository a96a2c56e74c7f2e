"""A question -> requests: what is asked, of what. No search, no language model.

cleaning (with self_introduction), then reading: references, question_words; then interpret: rules,
rules_over_fiches (conditions, outline), request. paraphrase says a request in French; fiche_filter, out_of_scope,
clauses and two_topics serve the next steps.
"""
