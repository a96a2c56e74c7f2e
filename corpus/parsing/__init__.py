"""The delivered text -> Document: lines, layout (blocks), sections, parse."""
