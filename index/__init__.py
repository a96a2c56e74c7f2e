"""The document -> a searchable index -> ranked passages. Imports corpus only.

chunks, entries (all that is indexed), encoder/, storage/; evidence (the index in memory), with keywords; retriever.
"""
