"""Malformed requests to a server: never a 500, always an error in the service's shape.

::

    python -m tests.server_fuzz --requests 10000 --seed 1

A request depends only on the seed and its number; ``--number 117`` sends one alone, and shows it. In between
come requests that are broken as HTTP. The exit status is 1 if an answer is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from asltool.integrations.aws.models import model
from tests.server.mutants import Mutants
from tests.server.served import Api, ServerProcess
from tests.service.test_malformed import FIRST, PLACE

__all__ = ["Fuzz"]

_SECONDS = 20.0
_POLL_SECONDS = 0.1
"""How long to wait for an activity task, of which there is none."""

_OPERATIONS = sorted(model("stepfunctions")["operations"])
_CODES = {name for name, shape in model("stepfunctions")["shapes"].items() if shape.get("exception")} | {
    *("SerializationException", "UnknownOperationException"),
}
_SHAPES = {name: body["input"]["shape"] for name, body in model("stepfunctions")["operations"].items()}

_BROKEN = [
    *(
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
    ),
    *(b"\r\n" * 50 + b"x", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"A" * 100_000),
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: identity\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"POST /%ff/../.. HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b'POST /_asltool/time HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 14\r\n\r\n{"jump": 1e99}',
    b"GET /_asltool/health HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
]
"""What is no HTTP, or HTTP that nothing of the API can be asked with. Answered with a 4xx, or not at all."""


class Fuzz:
    """Sends requests to the server at ``url``; ``codes`` are the answers there were."""

    def __init__(self, url: str, seed: int) -> None:
        parts = urlsplit(url)
        self._address = str(parts.hostname), parts.port or 80
        self._mutants = Mutants(seed, _OPERATIONS, _SHAPES)
        self._socket: socket.socket | None = None
        self.codes: Counter[str] = Counter()
        api = Api(url)
        for operation, request in FIRST:
            api(operation, **request)
        api.close()

    def text(self, number: int) -> bytes:
        return self._mutants.request(number)

    def send(self, number: int) -> str | None:
        """Send a request; return what is wrong with its answer."""
        waits = _OPERATIONS[number % len(_OPERATIONS)] == "GetActivityTask"
        try:
            status, body = self._exchange(self.text(number), _POLL_SECONDS if waits else _SECONDS)
        except TimeoutError:
            self.close()
            return None if waits else f"no answer for {_SECONDS} seconds"
        except OSError as problem:
            self.close()
            return f"no answer: {problem!r}"
        if status == 200:
            self.codes["200"] += 1
            return None if _is_object(body) else f"200 without a JSON object: {body[:300]!r}"
        if status == 400 and body == b"Invalid HTTP request received.":
            self.close()
            return None
        if not 400 <= status < 500 or not _is_object(body):
            return f"{status} {body[:300]!r}"
        answer = json.loads(body)
        code = answer.get("__type")
        self.codes[str(code)] += 1
        is_right = code in _CODES and isinstance(answer.get("message"), str)
        return None if is_right else f"{status} {body[:300]!r}"

    def send_broken(self, number: int) -> str | None:
        """Send what is broken as HTTP over a connection of its own; return what is wrong with its answer."""
        text = random.Random(number).choice(_BROKEN)
        with socket.create_connection(self._address, _SECONDS) as connection:
            try:
                connection.sendall(text)
                connection.shutdown(socket.SHUT_WR)
                head = connection.recv(20)
            except ConnectionError:
                return None
            except TimeoutError:
                return f"no answer and no end for {_SECONDS} seconds to {text[:200]!r}"
        return None if not head or head[9:10] in (b"2", b"4") else f"{head!r} for {text[:200]!r}"

    def _exchange(self, request: bytes, seconds: float) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(self._address)
        self._socket.settimeout(seconds)
        self._socket.sendall(request)
        head, _, body = self._head(b"")
        if head.startswith(b"HTTP/1.1 100 "):
            head, _, body = self._head(body)
        length = re.search(rb"(?i)content-length: (\d+)", head)
        while length is not None and len(body) < int(length[1]):
            body += self._more()
        if length is None or b"connection: close" in head.lower():
            body += self._rest()
        return int(head.split()[1]), body

    def _head(self, got: bytes) -> tuple[bytes, bytes, bytes]:
        while b"\r\n\r\n" not in got:
            got += self._more()
        return got.partition(b"\r\n\r\n")

    def _more(self) -> bytes:
        assert self._socket is not None
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the connection has ended")
        return part

    def _rest(self) -> bytes:
        assert self._socket is not None
        parts = []
        while part := self._socket.recv(65536):
            parts.append(part)
        self.close()
        return b"".join(parts)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, help="send this one alone")
    options = parser.parse_args()
    numbers = range(options.requests) if options.number is None else [options.number]
    begun, wrong = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder), "--memory", "--time", "skip")
        fuzz = Fuzz(server.wait(), options.seed)
        for number in numbers:
            problems = [fuzz.send(number), fuzz.send_broken(number) if number % 20 == 0 else None]
            for problem in filter(None, problems):
                wrong += 1
                print(f"--number {number}: {problem}", flush=True)
            if options.number is not None:
                print(fuzz.text(number))
        Api(server.url)("DescribeActivity", activityArn=f"{PLACE}:activity:a") if not wrong else None
        server.end()
        print(server.errors.read_text(encoding="utf-8"), end="")
    print(dict(fuzz.codes.most_common()))
    print(f"{len(numbers)} requests, {wrong} wrong answers: {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
