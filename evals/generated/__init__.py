"""The generated engine, measured beside the embedded one: `sample` (which questions), `trial` (one question through
every engine), `rows` (what is saved), `figures`, `run` (the whole).
"""
