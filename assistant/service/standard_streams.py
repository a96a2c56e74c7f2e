"""The standard streams of a process that was started without them."""

import os
import sys


def open_standard_streams() -> None:
    """Opens the null device as those that are closed (`>&-`, a bare service manager).

    Else the first file that is opened takes their number, and what a library prints goes into it.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, mode), number)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")
