"""Chroma: where an index is, how it is built, saved and watched."""
