"""A small memory per process for answers asked thousands of times a minute and changed a few times a year."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_MOST_ENTRIES = 20_000
_memories: list[dict[Any, tuple[float, Any]]] = []


def remembered(*, seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep a function's answers that long. Other processes may go on giving the old answer until theirs runs out.

    Arguments must be hashable and answers never changed by a caller. An exception is not kept.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        memory: dict[Any, tuple[float, Any]] = {}
        _memories.append(memory)

        @functools.wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (args, tuple(sorted(kwargs.items())))
            now = time.monotonic()
            found = memory.get(key)
            if found is not None and found[0] > now:
                known: R = found[1]
                return known
            answer = function(*args, **kwargs)
            if len(memory) >= _MOST_ENTRIES:
                memory.clear()
            memory[key] = (now + seconds, answer)
            return answer

        return ask

    return decorate


FOR_EVER = float("inf")


def forget_all() -> None:
    for memory in _memories:
        memory.clear()
