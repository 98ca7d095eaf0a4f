"""One long-lived ``node`` process for the functions of a folder; it runs ``node_bootstrap.mjs``."""

from __future__ import annotations

import json
import select
import shutil
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, NamedTuple

from asltool.errors import TasksError

__all__ = ["GET_NODE", "LOAD_FAILED", "RAISED", "NodeProcess", "ProcessEnd", "Reply", "needs_node", "too_old"]

LOAD_FAILED, RAISED = "?", "!"

_OLDEST = 18
GET_NODE = f"install Node.js {_OLDEST} or later"
_BOOTSTRAP = Path(__file__).with_name("node_bootstrap.mjs")
_POLL = 0.1
"""How often a waiting thread checks whether its task was cancelled, in seconds."""
_RESPONDS = 1.0
"""How long a process has to answer once one of its functions took too long, in seconds."""


class Reply(NamedTuple):
    """A line from the process."""

    kind: str
    text: str


class ProcessEnd(NamedTuple):
    """The process has ended; ``how`` describes it. ``again``: the request may be repeated."""

    how: str
    again: bool


def needs_node() -> str | None:
    """Return what is missing for functions in JavaScript; None if nothing is missing."""
    if sys.platform == "win32":
        return "JavaScript functions do not run on Windows. use WSL, or --lambda-endpoint"
    return None if shutil.which("node") else f'Node.js is needed, and there is no program "node". {GET_NODE}'


def too_old(version: str) -> bool:
    """Return whether JavaScript functions need a later version than this one, such as ``v16.20.2``."""
    major = version.removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) < _OLDEST


class NodeProcess:
    """Starts ``node`` in a folder on first use, and again after it has ended.

    It ends with this object, and with this process. Any thread may call.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._running: _Running | None = None
        self._lock = Lock()

    def call(
        self, function: list[str], request: dict[str, Any], cancelled: Event, seconds: float
    ) -> Reply | ProcessEnd | None:
        """Call a function, ``[file, name]``; None if it takes longer than ``seconds``, or is cancelled.

        If the process is killed meanwhile, the function is called once more in a new one.

        Raises:
            TasksError: ``node`` is missing, does not start, or is too old.
        """
        answer = self._call(function, request, cancelled, seconds)
        again = isinstance(answer, ProcessEnd) and answer.again
        return self._call(function, request, cancelled, seconds) if again else answer

    def _call(
        self, function: list[str], request: dict[str, Any], cancelled: Event, seconds: float
    ) -> Reply | ProcessEnd | None:
        running = self._started()
        if (key := tuple(function)) not in running.loaded:
            loaded = running.ask({"load": function, "name": request["name"]}, cancelled)
            if not isinstance(loaded, Reply) or loaded.kind == LOAD_FAILED:
                return loaded
            running.loaded.add(key)
        return running.ask({"call": function, **request}, cancelled, seconds)

    def _started(self) -> _Running:
        with self._lock:
            if self._running is None or self._running.ended is not None:
                self._running = _Running(self._folder, self._environment)
                weakref.finalize(self, self._running.end)
                self._running.greet()
            return self._running


class _Running:
    """A running process. ``loaded`` are the functions that it has loaded."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        node = shutil.which("node")
        if node is None:
            raise TasksError(str(needs_node()))
        self.loaded = set[tuple[str, ...]]()
        self.ended: ProcessEnd | None = None
        self._numbers = count(1)
        self._first: SimpleQueue[Reply | ProcessEnd] = SimpleQueue()
        self._pending = {0: self._first}
        self._lock, self._sending = Lock(), Lock()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [node, str(_BOOTSTRAP), str(theirs.fileno())],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=2,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for asltool, which ends its processes.
            )
        Thread(target=self._read, name="asltool-node", daemon=True).start()

    def greet(self) -> None:
        """Wait until Node.js has started.

        Raises:
            TasksError: it does not start, or is too old.
        """
        first = self._first.get()
        if isinstance(first, Reply):
            version = json.loads(first.text)
        else:
            done = subprocess.run(["node", "--version"], capture_output=True, check=False, encoding="utf-8")
            version = done.stdout.strip()
        if too_old(version):
            self.end()
            raise TasksError(f"Node.js {version} is too old. {GET_NODE}")
        if isinstance(first, ProcessEnd):
            raise TasksError(f'"node" does not start: {first.how}')

    def ask(
        self, request: dict[str, Any], cancelled: Event, seconds: float | None = None
    ) -> Reply | ProcessEnd | None:
        """Return the answer to a request; None if it takes longer than ``seconds``, or is cancelled."""
        until = None if seconds is None else monotonic() + seconds
        number, replies = self._expect()
        self._send(number, request)
        while True:
            rest = _POLL if until is None else min(_POLL, max(0.0, until - monotonic()))
            try:
                return replies.get(timeout=rest)
            except Empty:
                if cancelled.is_set() or (until is not None and monotonic() >= until):
                    self._pending.pop(number, None)
                    if not self._responds():
                        self._process.kill()
                    return None

    def end(self) -> None:
        """Kill the process, and wait for its end."""
        self._process.kill()
        self._process.wait()

    def _expect(self) -> tuple[int, SimpleQueue[Reply | ProcessEnd]]:
        replies: SimpleQueue[Reply | ProcessEnd] = SimpleQueue()
        with self._lock:
            number = next(self._numbers)
            if self.ended is None:
                self._pending[number] = replies
            else:
                replies.put(self.ended)
        return number, replies

    def _send(self, number: int, request: dict[str, Any]) -> None:
        line = json.dumps({"id": number, **request}).encode() + b"\n"
        with self._sending, suppress(OSError):  # `_read` reports the end
            self._socket.sendall(line)

    def _responds(self) -> bool:
        """Whether the process still accepts requests; an endless loop in a function blocks it."""
        if not self._sending.acquire(timeout=_RESPONDS):
            return False
        self._sending.release()
        try:
            if not select.select([], [self._socket], [], _RESPONDS)[1]:
                return False
        except (OSError, ValueError):  # it has ended meanwhile
            return True
        number, replies = self._expect()
        self._send(number, {})
        try:
            replies.get(timeout=_RESPONDS)
        except Empty:
            self._pending.pop(number, None)
            return False
        return True

    def _read(self) -> None:
        blamed = False
        with suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                number, kind, text = line.decode().rstrip("\n").split(" ", 2)
                blamed = blamed or kind == "x"
                replies = self._pending.pop(int(number), None)
                if replies is not None:
                    replies.put(ProcessEnd(self._how(), again=False) if kind == "x" else Reply(kind, text))
        how = self._how()
        with self._lock:
            self.ended = ProcessEnd(how, again=blamed or self._process.returncode < 0)
            for replies in self._pending.values():
                replies.put(self.ended)
            self._pending.clear()
        self._socket.close()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _how(self) -> str:
        """Wait for the end of the process, and describe it as Lambda does."""
        status = self._process.wait()
        if status < 0:
            return f"Runtime exited with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"
        if status:
            return f"Runtime exited with error: exit status {status}"
        return "Runtime exited without providing a reason"
