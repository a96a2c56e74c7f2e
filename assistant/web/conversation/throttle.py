"""A blocking iterator read from the event loop: the newest of what it gives, at a bounded rate, and its last always.

The iterator runs in a thread; when nobody reads any more (the reader is cancelled, the page is closed) it is closed
there, as soon as it gives its next item. Knows nothing of answers or of Gradio.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
EVERY = 0.15
"""Seconds between two items that are passed on: about six a second, however fast they come."""
BEAT = 1.0
"""Seconds after which None is passed on when nothing came, so that a reader notices that nobody waits."""


async def paced(
    begin: Callable[[], Iterator[T]], pool: Executor, *, every: float = EVERY, beat: float = BEAT
) -> AsyncIterator[T | None]:
    """`begin` is called in a thread of `pool`, in the context of the caller. Raises what the iterator raises.

    Items 1, 2, 3 that come within `every` seconds -> 1, then 3; one like the last that was passed on is not.
    """
    loop = asyncio.get_running_loop()
    newest: list[T] = []
    last: T | None = None
    told = loop.time()
    arrived = asyncio.Event()
    over = threading.Event()

    def put(item: T) -> None:
        newest[:] = [item]
        arrived.set()

    def read() -> None:
        items = begin()
        try:
            for item in items:
                if over.is_set():
                    return
                loop.call_soon_threadsafe(put, item)
        finally:
            if isinstance(items, Generator):
                items.close()

    reading = loop.run_in_executor(pool, copy_context().run, read)
    reading.add_done_callback(lambda _: arrived.set())
    try:
        while newest or not reading.done():
            if not newest:
                with suppress(TimeoutError):
                    async with asyncio.timeout(beat):  # wait_for loses a cancellation that comes with an item (3.11)
                        await arrived.wait()
            arrived.clear()
            item = newest.pop() if newest else last
            if item != last:
                yield item
                last, told = item, loop.time()
                await asyncio.wait([reading], timeout=every)
            elif loop.time() - told >= beat:
                yield None
                told = loop.time()
        await reading
    finally:
        over.set()
        reading.cancel()
