"""A follow-up and its history -> a self-standing question."""
