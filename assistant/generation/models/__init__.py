"""Chat models behind one protocol, and how they are called."""
