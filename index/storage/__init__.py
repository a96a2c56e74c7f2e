"""Where an index is kept: locations (a folder or a server), build, chroma, read, watch."""
