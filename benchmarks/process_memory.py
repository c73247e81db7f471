"""The memory of a process and of all that it has started, for the benchmarks that watch it."""

from __future__ import annotations

import psutil


def memory_of(process: psutil.Process) -> float:
    """How much memory a process and those that it has started take now, in MB."""
    total = 0
    for each in (process, *_below(process)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
