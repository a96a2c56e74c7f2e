"""Saved results -> tables of the documentation, the HTML report, what the terminal prints."""
