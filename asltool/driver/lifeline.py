"""Processes that end with their parent, however it ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Thread

__all__ = ["Lifeline", "hold_on"]

_PR_SET_PDEATHSIG = 1


class Lifeline:
    """A pipe to which nothing is written: processes that watch its ``end`` end when it closes.

    It closes when this process ends, even if it is killed, and by `let_go`.
    """

    def __init__(self) -> None:
        self.end, self._own = multiprocessing.Pipe(duplex=False)

    def let_go(self) -> None:
        """End all processes that watch it."""
        self._own.close()
        self.end.close()


def hold_on(end: Connection) -> None:
    """End this process when the `Lifeline` closes, whatever it is doing.

    On Linux the kernel does so too, since a thread cannot run while another one is in C code that holds the
    GIL. The kernel watches the thread that started this process, which must live as long.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    Thread(target=_wait, args=(end,), name="asltool-lifeline", daemon=True).start()


def _wait(end: Connection) -> None:
    with suppress(EOFError, OSError):
        end.recv_bytes()
    os._exit(1)
