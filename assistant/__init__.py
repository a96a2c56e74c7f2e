"""A question -> its answer, on a page, on the command line and for programs. Imports corpus and index.

`chain` is the way of a question; its steps are in understanding/, conversation/, answering/ and generation/, in this
order, and `steps` is what they hand on. text/ serves them. Around them stand service/, accounts/, storage/, settings/,
web/ and cli/. `assemble` opens all that a question needs.
"""
