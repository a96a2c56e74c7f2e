"""The command `guichet`."""
