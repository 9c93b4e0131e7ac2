"""No orphans: a process asks the system for a signal at the moment its parent ends, even when the parent is killed.

Linux can (PR_SET_PDEATHSIG). Elsewhere an orderly stop still ends every child; only a killed parent leaves them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from functools import partial
from signal import Signals

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def with_parent(number: Signals) -> Callable[[], None]:
    """For `preexec_fn`: the child gets `number` when the calling process ends."""
    return partial(ask_for_signal, number, os.getpid())


def ask_for_signal(number: Signals, parent: int) -> None:
    """Called in the child; `parent` is the process it was made by."""
    if _prctl is None:
        return
    _prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), number)
