"""Agents in conversation through the real HTTP interface, then as many questions as the server answers.

Each agent asks one of our questions every ten seconds or so and sends its earlier ones along, as a person at the desk
would. Then a few clients ask without a pause: how many questions a second one process answers. Times are those that
the client sees. With several processes, the agents are shared out between web processes on one Chroma server. The
questions of the split "test" are not used.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from evals.performance.machine import describe_measurement, describe_versions
from evals.performance.server import Server, running_server, running_servers
from evals.scoring.metrics import percentile
from evals.sets.questions import load_questions

TURNS = 5
"""Questions of a conversation before an agent begins a new one."""
CLIENTS = 8
"""Clients that ask without a pause at saturation."""


@dataclass(slots=True)
class Seen:
    """`milliseconds` of the answers; `errors`: what came instead of one."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    """How many agents converse, for how many seconds, with how many between two questions; seconds at saturation."""

    agents: int
    seconds: float
    pause: float
    saturation: float


def measure(load: Load, *, processes: int = 1, address: str | None = None) -> dict[str, Any]:
    """`address`: a server that already runs, whose memory is not measured."""
    if address:
        return asyncio.run(_measure([Server(address, 0)], [], load))
    if processes > 1:
        with running_servers(processes) as servers:
            return asyncio.run(_measure(servers[:-1], servers[-1:], load))
    with running_server() as server:
        return asyncio.run(_measure([server], [], load))


async def _measure(pages: Sequence[Server], behind: Sequence[Server], load: Load) -> dict[str, Any]:
    """`behind`: what the pages share, whose memory counts and which nobody asks."""
    questions = [question.question for question in load_questions() if question.split != "test"]
    limits = httpx.Limits(max_connections=None)
    servers = [*pages, *behind]
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=page.address, timeout=60, limits=limits))
            for page in pages
        ]
        await _saturate(clients, questions, min(20.0, load.saturation))  # warm-up: every cache is full after it
        start = _memory(servers)
        talk = await _converse(clients, questions, load)
        end = _memory(servers)
        full = await _saturate(clients, questions, load.saturation)
        after = _memory(servers)
    return {
        **describe_measurement("load"),
        "versions": describe_versions(("fastapi", "gradio", "httpx", "onnxruntime", "uvicorn")),
        "processes": len(pages),
        "chroma_server": bool(behind),
        "agents": load.agents,
        "pause_seconds": load.pause,
        "seconds": load.seconds,
        "conversation": summary(talk),
        "saturation": summary(full) | {"per_second": round(len(full.milliseconds) / load.saturation, 1)},
        "memory_mb": {"start": start, "end": end, "after_saturation": after},
        "memory_growth": round(end / start - 1, 4) if start else None,
    }


def _memory(servers: Sequence[Server]) -> float:
    """Of all of them together."""
    return round(sum(server.memory_mb() for server in servers if server.process), 1)


async def _converse(clients: Sequence[httpx.AsyncClient], questions: Sequence[str], load: Load) -> Seen:
    """Agents begin spread over one pause, and then ask at an even pace, whatever the last answer took."""
    seen = Seen()
    end = time.monotonic() + load.seconds

    async def agent(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - the same questions every time
        await asyncio.sleep(load.pause * number / load.agents)
        history: list[str] = []
        while (began := time.monotonic()) < end:
            question = chance.choice(questions)
            await ask(clients[number % len(clients)], question, history, seen)
            history = [*history, question] if len(history) < TURNS else []
            await asyncio.sleep(max(0.0, load.pause - (time.monotonic() - began)))

    await asyncio.gather(*(agent(number) for number in range(load.agents)))
    return seen


async def _saturate(clients: Sequence[httpx.AsyncClient], questions: Sequence[str], seconds: float) -> Seen:
    seen = Seen()
    end = time.monotonic() + seconds

    async def without_pause(number: int) -> None:
        chance = random.Random(1000 + number)  # noqa: S311 - the same questions every time
        while time.monotonic() < end:
            await ask(clients[number % len(clients)], chance.choice(questions), [], seen)

    await asyncio.gather(*(without_pause(number) for number in range(CLIENTS)))
    return seen


async def ask(client: httpx.AsyncClient, question: str, history: Sequence[str], seen: Seen) -> None:
    began = time.perf_counter()
    try:
        response = await client.post("/api/ask", json={"question": question, "history": list(history)})
    except httpx.HTTPError as error:
        seen.errors.append(type(error).__name__)
        return
    if response.status_code == 200 and response.json().get("answer"):
        seen.milliseconds.append((time.perf_counter() - began) * 1000)
    else:
        seen.errors.append(f"{response.status_code}")


def summary(seen: Seen) -> dict[str, Any]:
    """Counts and percentiles, in milliseconds."""
    times = seen.milliseconds
    figures: dict[str, Any] = {"answers": len(times), "errors": len(seen.errors), "kinds": sorted(set(seen.errors))}
    if len(times) > 1:
        figures |= {f"p{p}_ms": round(percentile(times, p / 100), 1) for p in (50, 95, 99)}
    return figures
