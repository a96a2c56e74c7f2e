"""Each generated sentence held against the passages that it cites."""
