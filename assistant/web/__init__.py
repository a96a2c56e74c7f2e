"""The page, the HTTP interface, and what stands before them."""
