"""French and other texts, without knowledge of fiches: french (typography, grammar), numbers in words, languages,
spelling, personal_data (what is masked), stop_words.
"""
