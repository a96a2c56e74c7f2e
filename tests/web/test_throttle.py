"""A blocking iterator read from the event loop: the newest at a bounded rate, the last always, its end when unread."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest

from assistant.web.conversation.throttle import throttle

NAME: ContextVar[str] = ContextVar("name", default="nobody")
NEVER = 3600.0


def collected(begin: Callable[[], Iterator[int]], **options: float) -> list[int | None]:
    async def read() -> list[int | None]:
        with ThreadPoolExecutor(1) as pool:
            return [each async for each in throttle(begin, pool, **options)]

    return asyncio.run(read())


def test_what_comes_too_fast_is_left_out_and_the_last_never_is() -> None:
    def numbers() -> Iterator[int]:
        yield from range(1000)

    given = collected(numbers, interval=NEVER)
    assert given[-1] == 999
    assert len(given) <= 2


def test_what_comes_slowly_is_all_there_and_what_repeats_is_not() -> None:
    taken = threading.Semaphore(1)

    def numbers() -> Iterator[int]:
        for number in (1, 1, 2, 3):
            taken.acquire(timeout=1)
            yield number

    async def read() -> list[int | None]:
        given = []
        with ThreadPoolExecutor(1) as pool:
            async for each in throttle(numbers, pool, interval=0, heartbeat=0.05):
                given.append(each)
                taken.release()
        return given

    assert [each for each in asyncio.run(read()) if each is not None] == [1, 2, 3]


def test_a_sign_of_life_comes_while_nothing_does() -> None:
    beaten = threading.Event()

    def silent() -> Iterator[int]:
        yield 1
        beaten.wait(30)
        yield 2

    async def read() -> list[int | None]:
        given = []
        with ThreadPoolExecutor(1) as pool:
            async for each in throttle(silent, pool, interval=0, heartbeat=0.01):
                given.append(each)
                if each is None:
                    beaten.set()
        return given

    given = asyncio.run(read())
    assert None in given
    assert [each for each in given if each] == [1, 2]


def test_an_error_comes_after_what_was_given_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise LookupError("broken")

    given: list[int | None] = []

    async def read() -> None:
        with ThreadPoolExecutor(1) as pool:
            async for each in throttle(broken, pool):
                given.append(each)

    with pytest.raises(LookupError, match="broken"):
        asyncio.run(read())
    assert given == [1]


@pytest.mark.parametrize("way", ["closed", "cancelled"])
def test_the_iterator_is_closed_when_nobody_reads(way: str) -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while not closed.wait(0.01):
                yield 1
        finally:
            closed.set()

    async def take(items: AsyncIterator[int | None]) -> None:
        async for _ in items:
            pass

    async def read() -> bool:
        with ThreadPoolExecutor(1) as pool:
            items = throttle(endless, pool)
            if way == "closed":
                assert await anext(items) == 1
                await items.aclose()  # type: ignore[attr-defined]
            else:
                task = asyncio.create_task(take(items))
                await asyncio.sleep(0.05)
                task.cancel()
            return await asyncio.to_thread(closed.wait, 10)

    assert asyncio.run(read())


def test_a_reader_that_is_cancelled_as_an_item_comes_is_cancelled() -> None:
    go, given, closed = threading.Event(), threading.Event(), threading.Event()

    async def read() -> str:
        loop = asyncio.get_running_loop()

        def one() -> Iterator[int]:
            try:
                go.wait(30)
                yield 1
                loop.call_soon_threadsafe(task.cancel)
                given.set()
                while not closed.wait(0.01):
                    yield 1
            finally:
                closed.set()

        with ThreadPoolExecutor(1) as pool:

            async def take() -> None:
                async for _ in throttle(one, pool, heartbeat=NEVER):
                    await asyncio.sleep(0)

            task = asyncio.create_task(take())
            await asyncio.sleep(0.05)
            go.set()
            given.wait(30)  # the loop stands still: the item and the cancellation reach it together
            try:
                await asyncio.wait_for(asyncio.shield(task), 5)
            except asyncio.CancelledError:
                return "cancelled"
            except TimeoutError:
                return "lost"
            finally:
                closed.set()
        return "ended"

    assert asyncio.run(read()) == "cancelled"


def test_it_runs_in_the_context_of_who_asked() -> None:
    def named() -> Iterator[str]:
        yield NAME.get()

    async def read() -> list[str | None]:
        NAME.set("somebody")
        with ThreadPoolExecutor(1) as pool:
            return [each async for each in throttle(named, pool)]

    assert asyncio.run(read()) == ["somebody"]
