"""Files that belong together, each read once, with the offsets of one atlas."""

from __future__ import annotations

import contextlib
import glob
import os
import stat
from collections.abc import Mapping

from asltool.errors import DefinitionError
from asltool.expr.encodings import bytes_of
from asltool.syntax.atlas import Atlas, AtlasFile

__all__ = ["Project"]

_LARGEST = 20_000_000


class Project:
    """Reads files by path. ``texts`` replace the files on disk, as if they had been saved.

    With ``alone``, there are no other files.

    ``missing`` are the files that could not be read, with one entry for each attempt. Only regular files of
    at most 20 MB are read, because a template can name any file.
    """

    def __init__(self, texts: Mapping[str, str] | None = None, *, alone: bool = False) -> None:
        self.atlas = Atlas()
        self._names = {_key(path): os.path.normpath(path) for path in texts or ()}
        self._texts = {_key(path): text for path, text in (texts or {}).items()}
        self._alone = alone
        self._sources: dict[str, AtlasFile | None] = {}
        self.missing: list[str] = []

    def open(self, path: str) -> AtlasFile | None:
        """Return a file; None if it cannot be read."""
        key = _key(path)
        if key not in self._sources:
            text = self._texts.get(key)
            if text is None and not self._alone:
                text = _text(path)
            self._sources[key] = None if text is None else self.atlas.add(os.path.normpath(path), text)
        if self._sources[key] is None:
            self.missing.append(os.path.normpath(path))
        return self._sources[key]

    @property
    def read(self) -> frozenset[str]:
        """The files that were read, as absolute paths."""
        return frozenset(path for path, source in self._sources.items() if source is not None)

    def files(self, pattern: str) -> list[str]:
        """Return the files that a pattern matches, sorted by name."""
        return [] if self._alone else sorted(filter(os.path.isfile, glob.iglob(pattern, recursive=True)))

    def listed(self, folder: str) -> list[str]:
        """Return the paths of the entries of a folder, sorted by name."""
        found = {
            os.path.normpath(name)
            for key, name in self._names.items()
            if os.path.dirname(key) == _key(folder)
        }
        if not self._alone:
            with contextlib.suppress(OSError, ValueError):
                found |= {os.path.normpath(os.path.join(folder, name)) for name in os.listdir(folder or ".")}
        return sorted(found)

    def is_folder(self, path: str) -> bool:
        return not self._alone and os.path.isdir(path)


def _key(path: str) -> str:
    return os.path.abspath(path)


def _text(path: str) -> str | None:
    from asltool.syntax.decoding import decode

    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return None
        return decode(bytes_of(path), path)
    except (DefinitionError, OSError, ValueError):
        return None
