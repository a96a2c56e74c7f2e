"""The command `guichet`: `main.py` runs one command; each other file has a family of commands, or serves one.

To read: main, arguments (the grammar in French), questions (ask, chat, batch), document (index, search, corpus),
server (serve, settings, doctor), saved_data (feedback, backup, restore, privacy), users. A family adds its commands
with `add`, and imports what is heavy inside the function that needs it.
"""
