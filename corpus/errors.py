"""Every error that Guichet raises on purpose; messages are French lines that a person at the machine reads.

GuichetError                something that a person can repair; its message says how
├── CorpusError             the document is missing, damaged, or not read to its last line
├── EncoderError            the encoder cannot be had or loaded
├── StoreError              the index cannot be read or written
│   ├── BuildRunningError        another process is building the index
│   └── DamagedIndexError        what was written is not what is read: it must be built again
├── SettingsError           a setting has a value that it cannot have
├── ServerError             the page cannot be served (port taken, ...)
├── AccountError            an account cannot be made, changed or found
├── ModelError              the chat model cannot be used, or what it writes cannot be shown
└── LimitError              too much or too fast is asked; says when to come back
"""


class GuichetError(Exception):
    """Something that a person can repair: the message says what was found, what was expected, what repairs it."""


class CorpusError(GuichetError):
    pass


class EncoderError(GuichetError):
    pass


class StoreError(GuichetError):
    pass


class BuildRunningError(StoreError):
    pass


class DamagedIndexError(StoreError):
    pass


class SettingsError(GuichetError):
    pass


class ServerError(GuichetError):
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
