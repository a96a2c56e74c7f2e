"""Speed, load, memory, the page in a browser."""
