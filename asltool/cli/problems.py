"""The message of a command that ends with exit status 2, in place of the operating system's."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import NoReturn

import click

__all__ = ["in_words", "reason", "refuse"]

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EDQUOT: "the quota of its disk is used up",
    errno.EFBIG: "the file is too large for this file system",
    errno.EISDIR: "it is a folder",
    errno.ENOSPC: "the disk is full",
    errno.ENOTDIR: "part of its path is not a folder",
    errno.EROFS: "the disk is read-only",
}


def in_words(problem: BaseException, path: str | None = None) -> str:
    """Return a problem as a message; ``path`` is its file, if the problem does not name one."""
    if not isinstance(problem, OSError) or problem.errno is None:
        return str(problem)
    file = problem.filename if path is None else path
    if isinstance(file, bytes):
        file = file.decode(errors="replace")
    if problem.errno == errno.ENOENT and file is not None:
        return _missing(Path(str(file)))
    return reason(problem) if file is None else f'"{file}" cannot be used: {reason(problem)}'


def reason(problem: OSError) -> str:
    """Return the operating system's reason in a few words."""
    return _REASONS.get(problem.errno or 0) or (problem.strerror or "it cannot be used").lower()


def _missing(path: Path) -> str:
    """Return whether the file or its folder is missing."""
    if path.parent.is_dir():
        return f'"{path}" does not exist'
    return f'"{path}" does not exist, and neither does folder "{path.parent}"'


def refuse(command: str, problem: BaseException) -> NoReturn:
    """Print why a command failed, and end it with exit status 2."""
    click.echo(f"asltool {command}: {in_words(problem)}", err=True)
    sys.exit(2)
