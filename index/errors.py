"""The errors of the index.

GuichetError
├── EncoderError            the encoder cannot be had or loaded
└── StoreError              the index cannot be read or written
    ├── BuildRunningError   another process is building the index
    └── DamagedIndexError   what was written is not what is read: it must be built again
"""

from corpus.errors import GuichetError


class EncoderError(GuichetError):
    pass


class StoreError(GuichetError):
    pass


class BuildRunningError(StoreError):
    pass


class DamagedIndexError(StoreError):
    pass
