"""Raw text -> document."""
