"""A topic -> the fiche that deals with it, the decision to answer, and the quotes that answer."""
