"""Reads a blocking iterator from the event loop, at a bounded rate: the newest item, and the last one always.

The iterator runs in a thread. When the reader is cancelled or the page is closed, it is closed there, with its next
item. Knows nothing of answers or of Gradio.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
INTERVAL = 0.15
"""Seconds between two items that are passed on: about six a second, however fast they come."""
HEARTBEAT = 1.0
"""Seconds without an item after which None is passed on, so that Gradio notices a closed tab."""


async def throttle(
    start: Callable[[], Iterator[T]], pool: Executor, *, interval: float = INTERVAL, heartbeat: float = HEARTBEAT
) -> AsyncIterator[T | None]:
    """Calls `start` in a thread of `pool`, in the context of the caller. Raises what the iterator raises.

    Items 1, 2, 3 that come within `interval` seconds -> 1, then 3. An item that equals the last one is left out.
    """
    loop = asyncio.get_running_loop()
    newest: list[T] = []
    last: T | None = None
    passed_on = loop.time()
    arrived = asyncio.Event()
    closed = threading.Event()

    def put(item: T) -> None:
        newest[:] = [item]
        arrived.set()

    def read() -> None:
        items = start()
        try:
            for item in items:
                if closed.is_set():
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
                    async with asyncio.timeout(heartbeat):  # wait_for loses a cancellation that comes with an item
                        await arrived.wait()
            arrived.clear()
            item = newest.pop() if newest else last
            if item != last:
                yield item
                last, passed_on = item, loop.time()
                await asyncio.wait([reading], timeout=interval)
            elif loop.time() - passed_on >= heartbeat:
                yield None
                passed_on = loop.time()
        await reading
    finally:
        closed.set()
        reading.cancel()
