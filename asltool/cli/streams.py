"""Standard input and output: their encodings, and who may write to them."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from io import TextIOWrapper
from typing import TextIO

from asltool.expr.encodings import ESCAPED, rest_of, text_in

__all__ = ["drop", "escape_what_is_lacking", "open_closed_streams", "portable", "results", "standard_input"]


def drop(stream: TextIO) -> None:
    """Drop what a stream still holds. Python would try to write it as it ends, and fail in its own words."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def open_closed_streams() -> None:
    """Open standard streams that were closed (``>&-``) on the null device.

    Otherwise Python has None for them, and the next file that is opened takes their place.
    """
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            stream = open(_null(number), mode, encoding="utf-8", closefd=False)  # noqa: SIM115, for good
            setattr(sys, name, stream)


def _null(number: int) -> int:
    null = os.open(os.devnull, os.O_RDWR)
    try:
        os.fstat(number)
    except OSError:
        os.dup2(null, number)
        return number
    return null


def escape_what_is_lacking() -> None:
    """Write characters that standard output lacks as escapes, whatever its encoding is."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPED)


def portable(text: str, stream: TextIO | None = None, escapes: str = ESCAPED) -> str:
    """Return JSON or XML as a stream should have it, which is standard output unless another is given.

    Both are UTF-8 where programs exchange them. A stream with another encoding, as a pipe or file has on
    Windows, gets them in ASCII, which is the same in all of them; a terminal shows what it can.
    """
    stream = stream or sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if stream.isatty() or codecs.lookup(encoding).name.startswith("utf"):
        return text
    return text.encode("ascii", escapes).decode("ascii")


def standard_input() -> str:
    """Read standard input to its end.

    Raises:
        ValueError: it is neither UTF-8 nor UTF-16 with a byte order mark.
    """
    return text_in(rest_of(sys.stdin.buffer, "standard input"), "standard input")


@contextmanager
def results() -> Iterator[TextIO]:
    """Yield standard output for the results of a command, and send all else that writes there to stderr.

    So what handlers print, and libraries, threads, worker processes and programs that they start, stays out
    of the JSON. The process's own standard output is not given back: a thread may outlive its task.
    """
    output = sys.stdout
    output.flush()
    own = _own(output)
    with redirect_stdout(sys.stderr):
        try:
            yield own or output
            (own or output).flush()
        except OSError:
            drop(own or output)
            raise


def _own(output: TextIO) -> TextIO | None:
    """Return the process's standard output under a number of its own; None where this is another stream."""
    if output is not sys.__stdout__ or sys.stderr is None:
        return None
    with suppress(OSError, ValueError):
        number = output.fileno()
        kept = os.dup(number)
        os.dup2(sys.stderr.fileno(), number)
        return open(kept, "w", encoding=output.encoding, errors=output.errors)
    return None
