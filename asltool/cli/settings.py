"""Which findings are reported: ``.asltool.toml`` or ``[tool.asltool]`` of ``pyproject.toml``, and options.

::

    ignore = ["task-without-timeout"]

    [paths."legacy/"]
    ignore = ["deprecated-field"]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from asltool.syntax.wording import expected, quoted

if TYPE_CHECKING:
    from asltool.syntax.sources.patterns import PathPattern

__all__ = ["Selection", "Settings", "SettingsError", "load_settings", "rule_names"]


_EXAMPLE = quoted("legacy/")


class SettingsError(Exception):
    """Invalid settings: where, what is wrong, and what is expected."""


class Selection(NamedTuple):
    """The rules to report: the selected ones (all, if none is selected), minus the ignored ones."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def over(self, other: Selection) -> Selection:
        """Return this selection merged over another, which it overrides."""
        return Selection(self.select or other.select, self.ignore | other.ignore)

    def has(self, name: str) -> bool:
        return name not in self.ignore and (not self.select or name in self.select)


_EVERYTHING = Selection()


@dataclass(frozen=True)
class Settings:
    """The contents of a settings file in ``folder``; patterns in ``paths`` are relative to it."""

    folder: Path
    selection: Selection = _EVERYTHING
    paths: tuple[tuple[str, Selection], ...] = ()

    @cached_property
    def _patterns(self) -> list[tuple[PathPattern, Selection]]:
        from asltool.syntax.sources.patterns import read_pattern

        return [(read_pattern(pattern), own) for pattern, own in self.paths]

    def of(self, path: str) -> Selection:
        """Return the selection for a file. If several patterns match, later ones override earlier ones."""
        selection = self.selection
        if self.paths:
            relative = Path(os.path.relpath(path, self.folder)).as_posix()
            for pattern, own in self._patterns:
                if pattern.covers(relative):
                    selection = own.over(selection)
        return selection


def load_settings(folder: Path) -> Settings:
    """Return the settings from this folder or its nearest parent that has some.

    Raises:
        SettingsError: a key or rule is unknown, a pattern can match nothing, or the file is not TOML.
    """
    for place in (folder, *folder.parents):
        for name in (".asltool.toml", "pyproject.toml"):
            table = _table(place / name)
            if table is not None:
                return _settings(place, table, os.path.relpath(place / name))
    return Settings(folder)


def _table(file: Path) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    content = file.read_bytes()
    if file.name == "pyproject.toml" and b"asltool" not in content:
        return None
    import tomllib

    try:
        loaded = tomllib.loads(content.decode("utf-8"))
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{os.path.relpath(file)} is not TOML: {error}") from None
    if file.name == "pyproject.toml":
        tools = loaded.get("tool")
        return tools.get("asltool") if isinstance(tools, dict) else None
    return loaded


def _settings(folder: Path, table: Any, file: str) -> Settings:
    paths = table.get("paths", {}) if isinstance(table, Mapping) else {}
    if not isinstance(paths, Mapping):
        raise SettingsError(f'"paths" in {file} must be a table of patterns')
    for pattern in paths:
        _check_pattern(pattern, file)
    return Settings(
        folder,
        _selection(table, file, ("ignore", "paths", "select")),
        tuple(
            (pattern, _selection(own, f"paths.{quoted(pattern)} of {file}", ("ignore", "select")))
            for pattern, own in paths.items()
        ),
    )


def _check_pattern(pattern: str, file: str) -> None:
    from asltool.syntax.sources.patterns import read_pattern

    read = read_pattern(pattern)
    if read.negated or not read.is_usable:
        raise SettingsError(
            f"the pattern {quoted(pattern)} in {file} matches no file. expected a pattern such as {_EXAMPLE}"
        )


def _selection(table: Any, where: str, keys: tuple[str, ...]) -> Selection:
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where} must be a table")
    for key in table:
        if key not in keys:
            raise SettingsError(f"unknown setting {quoted(key)} in {where}. {expected(key, keys)}")
    select, ignore = (_names(table, key, where) for key in ("select", "ignore"))
    return Selection(select, ignore)


def _names(table: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
    names = table.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SettingsError(f"{quoted(key)} in {where} must be an array of rule names")
    return rule_names(names, f" in {where}")


def rule_names(names: Iterable[str], where: str = "") -> frozenset[str]:
    """Return rule names as a set.

    Raises:
        SettingsError: a name is not a rule's.
    """
    names = frozenset(names)
    if not names:
        return names
    from asltool.rules.catalogue import CATALOGUE

    for name in sorted(names - CATALOGUE.keys()):
        raise SettingsError(f"unknown rule {quoted(name)}{where}. {expected(name, CATALOGUE)}")
    return names
