"""`python -m evals.performance.memory`: ten thousand questions, all different, through the real server; what its
memory becomes.

Each question is one of ours with a number that no other has, so that no cache that grows with what is asked escapes.
Kept in evals/results/memory-<commit>.json; growth is counted from the first fifth on, when the caches are full.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from evals.performance.load import CLIENTS, RESULTS, Seen, ask, summary
from evals.performance.machine import current_commit, describe_machine
from evals.performance.server import Server, running_server
from evals.sets.questions import load_questions

SAMPLES = 20


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Mesure la mémoire du serveur au fil de nombreuses questions.")
    parser.add_argument("--questions", type=int, default=10_000, help="nombre de questions (10000)")
    parser.add_argument("--keep", action="store_true", help="garde le résultat dans evals/results/")
    options = parser.parse_args(argv)
    with running_server() as server:
        run = asyncio.run(_measure(server, options.questions))
    text = json.dumps(run, ensure_ascii=False, indent=1)
    print(text)
    if options.keep:
        (RESULTS / f"memory-{run['commit']}.json").write_text(text + "\n", encoding="utf-8")
    return 1 if run["answers"]["errors"] else 0


async def _measure(server: Server, count: int) -> dict[str, Any]:
    known = [each.question for each in load_questions() if each.split != "test"]
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
        "kind": "memory",
        "commit": current_commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "questions": count,
        "answers": summary(seen),
        "memory_mb": memory,
        "growth_after_warm_up": round(memory[-1] / warm - 1, 4),
    }


if __name__ == "__main__":
    sys.exit(main())
