"""Ten thousand questions, all different, through the real server: how its memory grows.

Each question is one of ours with a number that no other has, so that a cache that grows with what is asked shows.
Growth is counted from the first fifth on, when the caches are full.
"""

import asyncio
from typing import Any

import httpx

from evals.performance.load import CLIENTS, Seen, ask, summary
from evals.performance.machine import describe_measurement
from evals.performance.server import Server, running_server
from evals.sets.questions import load_questions

SAMPLES = 20


def measure(count: int) -> dict[str, Any]:
    with running_server() as server:
        return asyncio.run(_measure(server, count))


async def _measure(server: Server, count: int) -> dict[str, Any]:
    known = [question.question for question in load_questions() if question.split != "test"]
    seen = Seen()
    memory = [server.memory_mb()]
    async with httpx.AsyncClient(base_url=server.address, timeout=60) as client:
        for sample in range(SAMPLES):
            numbers = iter(range(sample * count // SAMPLES, (sample + 1) * count // SAMPLES))

            async def work() -> None:
                for number in numbers:  # noqa: B023 - the clients of one sample share its numbers, and end with it
                    await ask(client, f"{known[number % len(known)]} (dossier {number})", [], seen)

            await asyncio.gather(*(work() for _ in range(CLIENTS)))
            memory.append(server.memory_mb())
    warm = memory[1 + SAMPLES // 5]
    return {
        **describe_measurement("memory"),
        "questions": count,
        "answers": summary(seen),
        "memory_mb": memory,
        "growth_after_warm_up": round(memory[-1] / warm - 1, 4),
    }
