"""Ctrl-C and SIGTERM: a command ends cleanly, with a message and the signal's exit status."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Stopped", "end_processes", "stoppable"]

_SIGNALS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}

_SECONDS = 2.0
"""How many seconds a process may take to end after SIGTERM."""


class Stopped(KeyboardInterrupt):
    """Raised wherever the program is when a signal arrives. ``status`` is the exit status: 130 or 143."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(f"stopped by {_SIGNALS[signal.Signals(number)]}")
        self.number = number
        self.status = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first Ctrl-C or SIGTERM into `Stopped`. A second one ends the program at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {}

    def stop(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise Stopped(number)

    for each in _SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:
            before[each] = signal.signal(each, stop)
    try:
        yield
    finally:
        for known, handler in before.items():
            signal.signal(known, handler)


def end_processes() -> None:
    """End the worker processes that are still at work."""
    if "multiprocessing" not in sys.modules:
        return
    import multiprocessing

    children = multiprocessing.active_children()
    for child in children:
        child.terminate()
    for child in children:
        child.join(_SECONDS)
        if child.is_alive():
            child.kill()
