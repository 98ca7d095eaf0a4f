"""A server as a process of its own, and a client that costs little: one connection, plain JSON."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

__all__ = ["PLACE", "Api", "Refused", "ServerProcess", "environment", "resident_mb", "served"]

_ROOT = Path(__file__).parents[2]

PLACE = "arn:aws:states:us-east-1:123456789012"

_HEADERS = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/states/aws4_request",
    "Content-Type": "application/x-amz-json-1.0",
}

_SECONDS = 60.0
"""How long a server may take to begin or to end, on the slowest machine."""


class Refused(Exception):
    """An answer that is an error of the service; ``code`` says which."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Api:
    """Asks the server at ``url`` over one connection that stays open. Use it in one thread.

    ``target`` is what the API is called in requests: ``AWSEvents`` is EventBridge.
    """

    def __init__(self, url: str, seconds: float = 30.0, target: str = "AWSStepFunctions") -> None:
        self._target = target
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=seconds)

    def __call__(self, operation: str, **request: Any) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            Refused: it is an error of the service.
            OSError, http.client.HTTPException: there is none.
        """
        headers = {**_HEADERS, "X-Amz-Target": f"{self._target}.{operation}"}
        try:
            self._connection.request("POST", "/", json.dumps(request), headers)
            response = self._connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except BaseException:
            self._connection.close()
            raise
        if response.status != 200:
            raise Refused(answer["__type"], answer.get("message", ""))
        return answer

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()


class ServerProcess:
    """``asltool serve`` with these arguments, on a free port; ``url`` is set once `wait` has returned.

    ``file_bytes``: how large its files may be, which stands for a full disk.
    """

    def __init__(self, folder: Path, *arguments: str, file_bytes: int | None = None) -> None:
        self._folder = folder
        self._mark = f"ASLTOOL_SERVER={folder}"
        self.url = ""
        self.errors = folder / "stderr.txt"
        command = [sys.executable, "-m", "asltool", "serve", "--port", "0", "--log", "none", *arguments]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(self._mark),
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        if file_bytes is not None:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        atexit.register(self.process.kill)

    def wait(self) -> str:
        """Return the address once the server answers.

        Raises:
            AssertionError: it has ended.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if b" serves " in line:
                self.url = line.split()[-1].decode()
                return self.url
        self.process.wait(_SECONDS)
        raise AssertionError(f"the server does not begin: {self.errors.read_text(encoding='utf-8')}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit status once nothing of the server is left."""
        self.process.send_signal(number)
        return self.over()

    def over(self) -> int:
        """Return the exit status once the server has ended by itself, and nothing of it is left."""
        status = self.process.wait(_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        until = time.monotonic() + _SECONDS
        while left := self.processes():
            assert time.monotonic() < until, f"processes are left: {left}"
            time.sleep(0.01)
        return status

    def processes(self) -> list[int]:
        """Return the processes of this server that there are, by their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                environ = (path / "environ").read_bytes()
            except OSError:
                continue
            if self._mark.encode() in environ.split(b"\0"):
                found.append(int(path.name))
        return found


def environment(mark: str) -> dict[str, str]:
    """Return the environment of a process of this checkout, which is found by ``mark``, ``NAME=VALUE``."""
    name, _, value = mark.partition("=")
    return {**os.environ, name: value, "PYTHONPATH": str(_ROOT)}


@contextmanager
def served(*arguments: str, cwd: Path) -> Iterator[str]:
    """Yield the address of a server with these arguments; it must end well at SIGTERM."""
    server = ServerProcess(cwd, *arguments)
    try:
        yield server.wait()
        assert server.end() == 0
    finally:
        server.process.kill()


def resident_mb(process: int) -> float:
    """Return how much memory a process has, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
