"""The document: the delivered text -> fiches, and the names that it holds. Imports nothing of ours.

document (the vocabulary), parsing/, check, load, export; text, phrases and sentences cut text; registry (actors,
acronyms, places), partners (who is what in which fiche), mentions, role_words.
"""
