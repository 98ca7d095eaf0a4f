"""What a command says before it ends with exit status 2: sentences, in place of the system's own words."""

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
    errno.EFBIG: "it would be larger than files may be here",
    errno.EISDIR: "it is a folder",
    errno.ENOSPC: "the disk is full",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.EROFS: "the disk is read-only",
}


def in_words(problem: BaseException, path: str | None = None) -> str:
    """Return a problem as a sentence; ``path`` is the file that it is about, where it does not name one."""
    if not isinstance(problem, OSError) or problem.errno is None:
        return str(problem)
    file = problem.filename if path is None else path
    if isinstance(file, bytes):
        file = file.decode(errors="replace")
    if problem.errno == errno.ENOENT and file is not None:
        return _missing(Path(str(file)))
    return reason(problem) if file is None else f'"{file}" cannot be used: {reason(problem)}'


def reason(problem: OSError) -> str:
    """Return why the system refuses something, in a few words."""
    return _REASONS.get(problem.errno or 0) or (problem.strerror or "it cannot be used").lower()


def _missing(path: Path) -> str:
    """Say what of a path is not there: the file, or the folder that it would be in."""
    if path.parent.is_dir():
        return f'"{path}" does not exist'
    return f'"{path}" does not exist, and neither does folder "{path.parent}"'


def refuse(command: str, problem: BaseException) -> NoReturn:
    """Say why a command cannot do its work, and end it with exit status 2."""
    click.echo(f"asltool {command}: {in_words(problem)}", err=True)
    sys.exit(2)
