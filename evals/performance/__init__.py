"""Times and memory: `machine` (where a run was made), `server` (a real one to measure), `load`, `memory`, `page` (in a
browser), `speed` (without a server).
"""
