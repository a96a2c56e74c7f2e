"""`python -m evals.performance.load`: agents in conversation through the real HTTP interface, then as many questions
as it takes.

Each agent asks a question of ours every ten seconds or so and sends its earlier ones along, as a person at the desk
would. Then a few clients ask without a pause: how many questions a second one process answers. Times are those that
the client sees. With `--processes 2`, the agents are shared out between web processes that share a Chroma server; each
keeps to its own. Kept in evals/results/load-<commit>.json. The questions of the part "test" are not used.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from evals.performance.machine import current_commit, describe_machine, describe_versions
from evals.performance.server import Server, running_server, running_servers
from evals.sets.questions import load_questions

RESULTS = Path(__file__).parent.parent / "results"
TURNS = 5
"""Questions of a conversation before an agent begins a new one."""
CLIENTS = 8
"""Clients that ask without a pause at saturation."""


@dataclass(slots=True)
class Seen:
    """`milliseconds` of the answers; `errors`: what came instead of one."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Mesure le serveur sous charge, par son interface HTTP.")
    parser.add_argument("--agents", type=int, default=50, help="agents en conversation (50)")
    parser.add_argument("--seconds", type=float, default=300, help="durée (300)")
    parser.add_argument("--pause", type=float, default=10, help="secondes entre deux questions d’un agent (10)")
    parser.add_argument("--saturation", type=float, default=30, help="secondes à saturation (30)")
    parser.add_argument(
        "--processes", type=int, default=1, help="processus web ; à partir de 2, ils partagent un serveur Chroma (1)"
    )
    parser.add_argument("--address", help="un serveur déjà lancé, sans mesure de sa mémoire")
    parser.add_argument("--keep", action="store_true", help="garde le résultat dans evals/results/")
    options = parser.parse_args(argv)
    if options.address:
        run = asyncio.run(_measure([Server(options.address, 0)], [], options))
    elif options.processes > 1:
        with running_servers(options.processes) as servers:
            run = asyncio.run(_measure(servers[:-1], servers[-1:], options))
    else:
        with running_server() as server:
            run = asyncio.run(_measure([server], [], options))
    text = json.dumps(run, ensure_ascii=False, indent=1)
    print(text)
    if options.keep:
        several = f"-{options.processes}-processes" if options.processes > 1 else ""
        (RESULTS / f"load-{run['commit']}{several}.json").write_text(text + "\n", encoding="utf-8")
    return 1 if run["conversation"]["errors"] or run["saturation"]["errors"] else 0


async def _measure(pages: Sequence[Server], behind: Sequence[Server], options: argparse.Namespace) -> dict[str, Any]:
    """`behind`: what the pages share, whose memory counts and which nobody asks."""
    questions = [each.question for each in load_questions() if each.split != "test"]
    limits = httpx.Limits(max_connections=None)
    servers = [*pages, *behind]
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=page.address, timeout=60, limits=limits))
            for page in pages
        ]
        await _saturate(clients, questions, min(20.0, options.saturation))  # warm-up: every cache is full after it
        start = _memory(servers)
        talk = await _converse(clients, questions, options)
        end = _memory(servers)
        full = await _saturate(clients, questions, options.saturation)
        after = _memory(servers)
    return {
        "kind": "load",
        "commit": current_commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "versions": describe_versions((*("fastapi", "gradio", "httpx", "onnxruntime", "uvicorn"),)),
        "processes": len(pages),
        "chroma_server": bool(behind),
        "agents": options.agents,
        "pause_seconds": options.pause,
        "seconds": options.seconds,
        "conversation": summary(talk),
        "saturation": summary(full) | {"per_second": round(len(full.milliseconds) / options.saturation, 1)},
        "memory_mb": {"start": start, "end": end, "after_saturation": after},
        "memory_growth": round(end / start - 1, 4) if start else None,
    }


def _memory(servers: Sequence[Server]) -> float:
    """Of all of them together."""
    return round(sum(server.memory_mb() for server in servers if server.process), 1)


async def _converse(
    clients: Sequence[httpx.AsyncClient], questions: Sequence[str], options: argparse.Namespace
) -> Seen:
    """Agents begin spread over one pause, and then ask at an even pace, whatever the last answer took."""
    seen = Seen()
    end = time.monotonic() + options.seconds

    async def agent(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - the same questions every time
        await asyncio.sleep(options.pause * number / options.agents)
        history: list[str] = []
        while (began := time.monotonic()) < end:
            question = chance.choice(questions)
            await ask(clients[number % len(clients)], question, history, seen)
            history = [*history, question] if len(history) < TURNS else []
            await asyncio.sleep(max(0.0, options.pause - (time.monotonic() - began)))

    await asyncio.gather(*(agent(number) for number in range(options.agents)))
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
    times = sorted(seen.milliseconds)
    found: dict[str, Any] = {"answers": len(times), "errors": len(seen.errors), "kinds": sorted(set(seen.errors))}
    if len(times) > 1:
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        found |= {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1), "p99_ms": round(cuts[98], 1)}
    return found


if __name__ == "__main__":
    sys.exit(main())
