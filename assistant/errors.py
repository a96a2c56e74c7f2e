"""The errors of the assistant.

GuichetError
├── SettingsError           a setting has a value that it cannot have
├── ServerError             the page cannot be served (port taken, ...)
├── DatabaseError           the installation's database cannot be read or written
├── AccountError            an account cannot be made, changed or found
├── ModelError              the chat model cannot be used, or what it writes cannot be shown
└── LimitError              too much or too fast is asked; says when to come back
"""

from corpus.errors import GuichetError


class SettingsError(GuichetError):
    pass


class ServerError(GuichetError):
    pass


class DatabaseError(GuichetError):
    pass


class AccountError(GuichetError):
    pass


class ModelError(GuichetError):
    """`reason`: a word for the counters, never shown."""

    def __init__(self, message: str, *, reason: str = "down") -> None:
        super().__init__(message)
        self.reason = reason


class LimitError(GuichetError):
    """`reason`: a word for the counters, never shown; `retry_after`: seconds, 0 when waiting changes nothing."""

    def __init__(self, message: str, *, reason: str, retry_after: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after
