"""Text that another thread makes, as an iterator that never blocks for long: "" comes while nothing else does."""

import queue
import threading
from collections.abc import Callable, Iterator

TICK = 0.2
"""Seconds after which "" is yielded when nothing came: the reader may check the time limit, or leave."""
Put = Callable[[str], None]


def stream_from_thread(produce: Callable[[Put], None], stop: threading.Event) -> Iterator[str]:
    """What `produce`, run in a thread of its own, puts; its exception is raised here. It must end once `stop` is set.

    `stop` is set when this ends or is closed.
    """
    made: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            produce(made.put)
            made.put(None)
        except BaseException as error:
            made.put(error)

    # Not a daemon: a process that ends while llama.cpp works would be aborted; it ends a moment after `stop`.
    threading.Thread(target=run, name="guichet-model").start()
    try:
        while True:
            try:
                piece = made.get(timeout=TICK)
            except queue.Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        stop.set()
