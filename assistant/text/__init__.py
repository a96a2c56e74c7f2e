"""French and other texts: typography, languages, spelling, personal data."""
