"""The files that git ignores, by the ``.gitignore`` of every folder and ``.git/info/exclude``.

Source: https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
from pathlib import Path

from asltool.syntax.sources.patterns import PathPattern, read_patterns

__all__ = ["Ignored", "repository"]


def repository(folder: Path) -> Path:
    """Return the root of the repository that contains a folder, or the folder itself."""
    folder = _normal(folder)
    return next((above for above in (folder, *folder.parents) if os.path.exists(above / ".git")), folder)


class Ignored:
    """Decides by the ignore files of the folders from ``root`` down, the nearest first."""

    def __init__(self, root: Path) -> None:
        self._root = _normal(root)
        self._patterns: dict[Path, list[PathPattern]] = {}
        self._exclude = _read(self._root / ".git" / "info" / "exclude")

    def __call__(self, path: Path, *, is_folder: bool) -> bool:
        """Return whether a path is ignored, given that its folder is not."""
        path = _normal(path)
        folders = [folder for folder in path.parents if folder.is_relative_to(self._root)]
        rules = [(folder, self._of(folder)) for folder in folders]
        for folder, patterns in [*rules, (self._root, self._exclude)] if folders else []:
            name = path.relative_to(folder).as_posix() if patterns else ""
            for pattern in patterns:
                if pattern.matches(name, is_folder=is_folder):
                    return not pattern.negated
        return False

    def within(self, path: Path) -> bool:
        """Return whether a path or any folder above it is ignored."""
        path = _normal(path)
        return self(path, is_folder=path.is_dir()) or any(self(each, is_folder=True) for each in path.parents)

    def _of(self, folder: Path) -> list[PathPattern]:
        if folder not in self._patterns:
            self._patterns[folder] = _read(folder / ".gitignore")
        return self._patterns[folder]


def _read(file: Path) -> list[PathPattern]:
    """Return the patterns of a file, the last first, as the last match counts; none if it is unreadable."""
    if not os.path.isfile(file):
        return []
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [pattern for pattern in reversed(read_patterns(text)) if pattern.is_usable]


def _normal(path: Path) -> Path:
    """Links are not followed: git matches names, not what they link to."""
    return Path(os.path.abspath(path))
