"""Other ways to answer or to search, measured on the same questions."""
