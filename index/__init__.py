"""Chunks -> searchable index -> ranked passages. Imports corpus only."""
