"""The settings of an installation: `settings.py` has the table and reads it, `kinds.py` says what each value may be."""
