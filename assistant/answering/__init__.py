"""Queries -> the answer of the embedded engine, every word of it the document's or a count of its lists.

respond leads, in the three steps search, decide, answer; exact/ executes what needs no search, topics/ seeks the rest;
decline, smalltalk and emergencies say what is said instead; draft joins the pieces; next_steps offers what to ask next.
"""
