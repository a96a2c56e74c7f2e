"""How tests run the command in a process of its own."""

from collections.abc import Callable

Launch = Callable[..., tuple[int, str, str]]
"""(arguments..., input=text, folder=its working folder, **environment) -> (exit code, output, errors)."""
