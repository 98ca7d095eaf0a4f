"""`asltool serve` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ROOT", "served"]

ROOT = Path(__file__).parents[2]

_ADDRESS = re.compile(r"serves the Step Functions API at (\S+)")


@contextmanager
def served(*arguments: str | Path, cwd: Path) -> Iterator[str]:
    """Serve on a free port, and yield the address; the server must end well at SIGTERM."""
    server = subprocess.Popen(
        [sys.executable, "-m", "asltool", "serve", "--port", "0", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert server.stdout is not None
        address = _ADDRESS.search(server.stdout.readline())
        assert address is not None
        yield address[1]
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    finally:
        server.kill()
        server.communicate()
