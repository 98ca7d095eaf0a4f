"""Task files that are sent to another machine."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SentTasks"]

_folders: list[tempfile.TemporaryDirectory[str]] = []


@dataclass(frozen=True, slots=True)
class SentTasks:
    """A source of tasks for `find_tasks` on another machine: a module, or a file or folder with its contents.

    ``files`` are (name, contents); there are none for a module, which the other machine has itself.
    """

    source: str
    files: tuple[tuple[str, bytes], ...] = ()

    @classmethod
    def of(cls, source: str) -> SentTasks:
        """Read a file, or each Python file in a folder.

        Raises:
            OSError: a file cannot be read.
        """
        path = Path(source)
        files = sorted(path.glob("*.py")) if path.is_dir() else [path] if path.is_file() else []
        return cls(source, tuple((file.name, file.read_bytes()) for file in files))

    def unpack(self) -> str:
        """Write the files to a folder that lasts as long as this process; return the source there."""
        if not self.files:
            return self.source
        _folders.append(tempfile.TemporaryDirectory(prefix="asltool-tasks-"))
        folder = Path(_folders[-1].name)
        for name, content in self.files:
            (folder / name).write_bytes(content)
        return str(folder / self.files[0][0]) if self.source.endswith(".py") else str(folder)
