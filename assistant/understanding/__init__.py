"""A question -> requests: what is asked, of what."""
