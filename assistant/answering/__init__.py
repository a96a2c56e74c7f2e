"""Requests -> answer: exact lists, topics, refusals, small talk."""
