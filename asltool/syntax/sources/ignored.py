"""What git ignores: ``.gitignore`` of every folder, and ``.git/info/exclude``.

Source: https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
from pathlib import Path

from pathspec import GitIgnoreSpec

__all__ = ["Ignored", "repository"]


def repository(folder: Path) -> Path:
    """Return the root of the repository that a folder is in, or the folder itself."""
    folder = _normal(folder)
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


class Ignored:
    """Answers by what stands in the folders from ``root`` down, the nearest first."""

    def __init__(self, root: Path) -> None:
        self._root = _normal(root)
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        self._exclude = _spec(self._root / ".git" / "info" / "exclude")

    def __call__(self, path: Path, *, is_folder: bool) -> bool:
        """Return whether a path is ignored, provided that the folder it is in is not."""
        path = _normal(path)
        folders = [folder for folder in path.parents if folder.is_relative_to(self._root)]
        rules = [(folder, self._of(folder)) for folder in folders]
        for folder, spec in [*rules, (self._root, self._exclude)] if folders else []:
            if spec is not None:
                name = path.relative_to(folder).as_posix()
                verdict = spec.check_file(f"{name}/" if is_folder else name).include
                if verdict is not None:
                    return verdict
        return False

    def within(self, path: Path) -> bool:
        """Return whether a path, or any folder it is in, is ignored."""
        path = _normal(path)
        return self(path, is_folder=path.is_dir()) or any(self(each, is_folder=True) for each in path.parents)

    def _of(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = _spec(folder / ".gitignore")
        return self._specs[folder]


def _spec(file: Path) -> GitIgnoreSpec | None:
    if not file.is_file():
        return None
    return GitIgnoreSpec.from_lines(file.read_text(encoding="utf-8", errors="replace").splitlines())


def _normal(path: Path) -> Path:
    """Links are not followed: git ignores names, wherever they lead."""
    return Path(os.path.abspath(path))
