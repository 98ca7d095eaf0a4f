"""Convert bytes to text and back in the same way for all input and output.

Data may come as UTF-8 or, as PowerShell and some editors write it, as UTF-16 with a byte order mark; a byte
order mark is not part of the text. JSON may hold half of a surrogate pair (``"\\ud83d"``), which no encoding
can write. It is kept, and written as an escape, like every character that the output's encoding does not
have.

Source: RFC 8259, sections 8.1 and 8.2
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
from contextlib import suppress
from io import FileIO
from typing import BinaryIO

__all__ = ["ESCAPED", "bytes_of", "rest_of", "rewrite", "text_in"]

ESCAPED = "asltool.escaped"
"""The name of the error handler that writes what an encoding lacks as JSON does: ``\\u2192``."""

_MARKS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16-LE"), (codecs.BOM_UTF16_BE, "UTF-16-BE"))


_MOST = 256 * 1024 * 1024
"""How many bytes to read of a stream that may never end: a thousand times an execution's largest input."""


def bytes_of(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file.

    Raises:
        OSError: the file cannot be read, or it is a device or pipe that gives more than 256 MiB.
    """
    with open(path, "rb") as file:
        return rest_of(file, str(path))


def rest_of(file: BinaryIO, name: str) -> bytes:
    """Return the rest of a stream. Only a regular file is certain to end, so others have a limit.

    Raises:
        OSError: the stream cannot be read, or is not a regular file and gives more than 256 MiB.
    """
    with suppress(OSError):
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file.read()
    data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise OSError(errno.EOVERFLOW, "it has more than 256 megabytes", name)
    return data


def rewrite(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace the content of a file. If that fails, as on a full disk, the file does not change.

    Raises:
        OSError: the file cannot be written.
    """
    with open(path, "r+b", buffering=0) as file:
        before = file.read()
        try:
            _put(file, content)
        except BaseException:
            _put(file, before)  # Its space on the disk was never released.
            raise


def _put(file: FileIO, content: bytes) -> None:
    file.seek(0)
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    file.truncate()


def text_in(data: bytes, source: str) -> str:
    """Decode bytes to text; ``source`` is their name in error messages.

    Raises:
        ValueError: the bytes are neither UTF-8 nor UTF-16 with a byte order mark.
    """
    mark, encoding = next((each for each in _MARKS if data.startswith(each[0])), (b"", "UTF-8"))
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as problem:
        place = f"byte {len(mark) + problem.start} cannot be read"
        raise ValueError(f"{source} is not {encoding[:6].rstrip('-')}: {place}") from None


def _escape(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    units = problem.object[problem.start : problem.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), problem.end


codecs.register_error(ESCAPED, _escape)
