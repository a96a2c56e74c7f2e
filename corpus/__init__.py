"""The document: raw text -> fiches -> chunks. Imports nothing of ours."""
