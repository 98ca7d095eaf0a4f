"""Standard input and output: their encodings, and what may write to them."""

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
    """Discard a stream's buffer. Python would try to write it at exit, and print an error of its own."""
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
    """Escape characters that standard output cannot encode."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPED)


def portable(text: str, stream: TextIO | None = None, escapes: str = ESCAPED) -> str:
    """Return JSON or XML in a form that a stream (by default standard output) can encode.

    Programs expect both in UTF-8. For a stream in another encoding, such as a pipe or file on Windows, they
    are written in ASCII, which is valid in every encoding; a terminal shows what it can.
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
    """Yield standard output for a command's results, and redirect all other output to stderr.

    Output of handlers, and of the libraries, threads, processes and programs they use, then stays out of the
    JSON. The redirection is never undone, since a thread may outlive its task.
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
