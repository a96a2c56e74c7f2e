"""Limits: how fast, how many at once, how long a conversation; with a clock that the test turns."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import fastapi
import gradio
import pytest

from assistant.accounts.policy import Visitor
from assistant.answer import Answer
from assistant.errors import LimitError
from assistant.service.limits import Caller, Limits, Queue, Rate, asked_by
from assistant.service.metrics import Metrics
from assistant.service.questions import QuestionService
from assistant.web.conversation.handlers import asker_of
from corpus.errors import GuichetError
from tests.support.browser import ListingDesk
from tests.support.services import LONG


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_lets_through_so_many_a_minute_and_says_how_long_to_wait() -> None:
    clock = Clock()
    rate = Rate(6, clock=clock)
    assert [rate.take("a") for _ in range(6)] == [0.0] * 6
    assert rate.take("a") == pytest.approx(10)
    assert rate.take("b") == 0
    clock.now += 10
    assert rate.take("a") == 0
    assert rate.take("a") == pytest.approx(10)


def test_a_rate_of_zero_is_no_limit_and_nobody_is_counted_without_a_name() -> None:
    assert [Rate(0).take("a") for _ in range(1000)] == [0.0] * 1000
    assert [Rate(1).take("") for _ in range(1000)] == [0.0] * 1000


def test_what_a_rate_remembers_is_bounded() -> None:
    rate = Rate(2, max_callers=100)
    for number in range(5000):
        rate.take(f"account {number}")
    assert len(rate) == 100


def test_the_limits_are_those_that_the_pages_of_docs_say() -> None:
    limits = Limits()
    assert (limits.concurrency, limits.queue_size, limits.queue_timeout) == (4, 32, 20.0)


def test_the_queue_is_full_beyond_what_is_answered_and_waits() -> None:
    queue = Queue(Limits(concurrency=1, queue_size=2))
    tickets = [queue.enter() for _ in range(3)]
    with pytest.raises(LimitError, match=r"Un instant.*Réessayez") as refused:
        queue.enter()
    assert (refused.value.reason, refused.value.retry_after > 0) == ("busy", True)
    queue.release(tickets[0])
    queue.release(tickets[0])
    queue.enter()
    with pytest.raises(LimitError):
        queue.enter()


def test_a_wait_beyond_the_timeout_is_rejected() -> None:
    queue = Queue(Limits(concurrency=1, queue_size=1, queue_timeout=0.01))
    queue.enter()
    queue.enter()
    with queue.turn():
        assert (queue.working, queue.waiting) == (1, 1)
        with pytest.raises(LimitError), queue.turn():
            pass
    with queue.turn():
        pass


class CountingDesk(ListingDesk):
    """Notes how many questions it works on at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.working = self.most = 0
        self.lock = threading.Lock()
        self.both = threading.Barrier(2)

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        with self.lock:
            self.working += 1
            self.most = max(self.most, self.working)
        self.both.wait(timeout=10)
        with self.lock:
            self.working -= 1
        return super().answer(question, history)


def test_no_more_than_so_many_questions_are_worked_on_at_once_and_all_are_answered() -> None:
    desk = CountingDesk()
    service = QuestionService(desk, Limits(concurrency=2, queue_size=10), Metrics())
    threads = [threading.Thread(target=service.answer, args=(f"question {n}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONG)
    assert (desk.most, len(desk.asked)) == (2, 12)


def test_an_account_and_an_address_have_each_their_rate() -> None:
    service = QuestionService(ListingDesk(), Limits(account_rate=2, address_rate=3), Metrics(), clock=Clock())

    def ask(account: str) -> str:
        with asked_by(Caller(account, "10.0.0.1")):
            try:
                return service.answer("qui ?").status
            except LimitError as error:
                return error.reason

    assert [ask("a"), ask("a"), ask("a"), ask("b"), ask("c")] == [
        "answered",
        "answered",
        "account",
        "answered",
        "address",
    ]


def test_the_page_counts_by_account_and_not_by_what_the_browser_says() -> None:
    def asker(session: str, visitor: Visitor | None) -> Caller:
        scope = {"type": "http", "client": ("10.0.0.1", 5000), "user": visitor}
        return asker_of(gradio.Request(fastapi.Request(scope), session_hash=session))

    marie = Visitor("marie", "agent", "token")
    assert asker("one", marie) == asker("two", marie) == Caller("marie", "10.0.0.1")
    assert asker("one", None) == asker("two", None) == Caller("", "10.0.0.1")


def test_a_conversation_that_is_too_long_is_told_to_start_anew() -> None:
    service = QuestionService(ListingDesk(), Limits(turns=3), Metrics())
    assert service.answer("et ?", ["a"] * 3).status == "answered"
    with pytest.raises(LimitError, match="nouvelle") as refused:
        service.answer("et ?", ["a"] * 4)
    assert refused.value.retry_after == 0


def test_a_ticket_is_released_once_and_when_no_thread_can_be_started() -> None:
    queue = Queue(Limits(concurrency=1, queue_size=0))
    ticket = queue.enter()
    threads = [threading.Thread(target=queue.release, args=(ticket,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.enter()
    with pytest.raises(LimitError):
        queue.enter()

    service = QuestionService(ListingDesk(), Limits(concurrency=1, queue_size=0), Metrics())
    service._pool.shutdown()
    for _ in range(3):
        with pytest.raises(GuichetError, match="Réessayez") as raised:
            asyncio.run(service.ask("qui ?", [], Caller()))
        assert not isinstance(raised.value, LimitError)


class BrokenDesk(ListingDesk):
    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:  # noqa: ARG002
        raise KeyError(question)


def test_what_goes_wrong_inside_is_one_french_line_and_leaves_the_service_open() -> None:
    service = QuestionService(BrokenDesk(), Limits(concurrency=1, queue_size=0), Metrics())
    for _ in range(3):
        with pytest.raises(GuichetError, match="Réessayez"):
            service.answer("Madame Secret")
    assert b"guichet_failures_total 3.0" in service.metrics.exposition()
