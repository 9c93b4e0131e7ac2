"""A small memory per process for answers asked thousands of times a minute and changed a few times a year."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

# What an administrator changes is seen by every process within this many seconds; by the changing process at once.
SOON = 5.0
FOR_EVER = float("inf")
_memories: list[Memory[Any, Any]] = []


class Memory(Generic[K, R]):
    """Answers by key, each kept for some seconds. Other processes may give the old answer until theirs runs out.

    most    entries; when they are reached, all are forgotten
    """

    def __init__(self, *, seconds: float, most: int = 20_000) -> None:
        self.seconds = seconds
        self.most = most
        self._answers: dict[K, tuple[float, R]] = {}
        _memories.append(self)

    def get(self, key: K) -> R | None:
        found = self._answers.get(key)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    def put(self, key: K, answer: R) -> R:
        if len(self._answers) >= self.most:
            self._answers.clear()
        self._answers[key] = (time.monotonic() + self.seconds, answer)
        return answer

    def forget(self) -> None:
        self._answers.clear()


def remembered(*, seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep a function's answers that long, by its arguments.

    Arguments must be hashable; answers are never None and never changed by a caller. An exception is not kept.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        memory: Memory[Hashable, R] = Memory(seconds=seconds)

        @functools.wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (args, tuple(sorted(kwargs.items())))
            known = memory.get(key)
            return known if known is not None else memory.put(key, function(*args, **kwargs))

        return ask

    return decorate


def forget_all() -> None:
    for memory in _memories:
        memory.forget()
